/** How a phone logs in to the switch. */
export interface PhoneAccount {
  /** SIP over UDP, `host:port`. */
  readonly server: string;
  readonly account: string;
  readonly password: string;
}

/**
 * SIP accounts of agents' phones on a switch that Callwright runs itself, besides those of the site's agents. Guarantees:
 *
 * - A password is told once, by `give`; what is kept does not tell it.
 * - They outlive a restart of the switch and of this process. Calls in progress notice no change of them.
 * - Changes are made one after the other.
 */
export interface PhoneAccounts {
  /**
   * Gives the phone an account, or a new password in place of the one that it has.
   *
   * @throws an error with a sentence, named …Fault, when it has one that is not given out here, or the switch cannot be told.
   */
  give(phone: string): Promise<PhoneAccount>;
  /**
   * Takes away the accounts of all phones but these.
   *
   * @throws as `give` when the switch cannot be told.
   */
  keep(phones: ReadonlySet<string>): Promise<void>;
}

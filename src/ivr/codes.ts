/** How grave a finding is: an `error` keeps the files from being loaded, a `warning` does not. */
export type Severity = 'error' | 'warning';

interface CodeEntry {
  readonly severity: Severity;
  readonly meaning: string;
}

const error = (meaning: string): CodeEntry => ({ severity: 'error', meaning });
const warning = (meaning: string): CodeEntry => ({ severity: 'warning', meaning });

/** Every finding that `callwright flow check` can print; `docs/flow-codes.md` is made from this table. */
export const CODES = {
  'file-unreadable': error('The file is too long, nested too deeply, no UTF-8 text, or holds an invisible mark.'),
  'yaml-syntax': error('The text is not YAML, or uses a part of YAML that is not allowed here.'),
  'yaml-key': error('A key is no text, or has a meaning of its own in JavaScript.'),
  'yaml-duplicate': error('A key is given twice in one map.'),
  'yaml-alias': error('There are too many aliases, aliases of aliases, or one that stands for nothing.'),
  'unknown-field': error('A field is not known at this place.'),
  'missing-field': error('A field that must be there is not.'),
  'wrong-type': error('A value is of the wrong type, for instance a number where a text belongs.'),
  'wrong-value': error('A value is written wrongly or is none of the allowed ones.'),
  'out-of-range': error('A value is too small, too large, or a list is too short or too long.'),
  'unknown-node-type': error('There is no node of this type.'),
  'reserved-name': error('A name has a meaning of its own and cannot be given.'),
  'duplicate-id': error('Two flows have the same id.'),
  'dangling-target': error('An edge leads to a node that is not there.'),
  'unreachable-node': error('Nothing leads to a node.'),
  'missing-outcome': error('An outcome of a node leads nowhere and no default fills it.'),
  'endless-cycle': error('Nodes lead in a circle without input, time or a queue in it.'),
  'flow-recursion': error('Flows call each other in a circle.'),
  'ambiguous-keys': warning('One key of a menu is the beginning of another, so who presses the short one has to wait.'),
  'no-keys': error('A menu has no keys.'),
  'unknown-queue': error('A queue is not defined in site/queues.yaml.'),
  'unknown-skill': error('A skill is not defined in site/skills.yaml.'),
  'unknown-calendar': error('A calendar has no file in site/calendars/.'),
  'unknown-language': error('A language is not defined, or not among those that the flow supports.'),
  'unknown-prompt': error('A prompt has words in no language.'),
  'unknown-trunk': error(
    'A trunk is not defined in site/trunks.yaml, nor a group of that name in site/trunk-groups.yaml.',
  ),
  'unknown-box': error('A voicemail box is not defined in site/boxes.yaml.'),
  'unknown-agent': warning('An agent is not in site/agents.yaml; one made through the API may be meant.'),
  'unknown-team': error('A team is not defined in site/follow-ups.yaml.'),
  'unknown-department': error('A department is not defined in site/follow-ups.yaml.'),
  'unknown-flow': error('A flow that is called is not there.'),
  'unknown-variable': error('A variable is not declared in `vars`.'),
  'variable-type': error('A variable is used where its type does not fit.'),
  'unset-variable': error('A variable without a default is read on a way where nothing has set it.'),
  'sensitive-leak': error('A sensitive variable would leave the call.'),
  'bad-condition': error('A CEL condition does not hold together, or is not true or false.'),
  'bad-pattern': error('A pattern is not a row of digit classes between ^ and $.'),
  'bad-template': error('A `${…}` in a text names nothing that may stand there.'),
  'destination-refused': error('A number or host is not allowed by site/destinations.yaml.'),
  'did-twice': error('A number leads to two flows.'),
  'lookup-timeout': error('A lookup has no time-out.'),
  'prompt-missing': error('A prompt has no words in a language that the flow supports.'),
  'audio-format': error('A recording is not a WAV file of 8 kHz, 16 bit, mono.'),
  'card-not-sensitive': error('Input that looks like a card number is not marked `sensitive`.'),
  'agent-phone': error('Two agents share a phone.'),
  'test-file': error('A test file names a flow, node or prompt that is not there.'),
  'did-unbound': warning('No number leads to the flow, and no other flow calls it.'),
  'menu-options': warning('A menu has more than five options; people forget the first.'),
  'menu-depth': warning('A caller comes through more than three menus in a row.'),
  'no-human': warning('From a node there is no way to a person, a message or a callback.'),
  'recording-notice': warning('Callers come to a queue that records every talk, and nothing has told them so.'),
  'never-met': warning('No agent in site/agents.yaml has the skills that a queue asks for.'),
  'no-effect': warning('A field does nothing as the others are set.'),
  'holidays-missing': warning('A calendar or compliance profile has no holidays for the coming year.'),
  'owner-missing': warning('A flow names no owner.'),
  'review-passed': warning('The date in `reviewBy` has passed.'),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;

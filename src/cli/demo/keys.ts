/**
 * What a shell reads (`. FILE`) to talk to the demo's server as the README writes it: `cw`, `$API`, and the settings of the
 * commands. The token opens this one demo, which is gone when it ends.
 */
export function shellKeys(apiUrl: string, token: string): string {
  return `export API=${apiUrl} TOKEN=${token}
export CALLWRIGHT_API=$API CALLWRIGHT_TOKEN=$TOKEN
alias cw='curl -sS -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
`;
}

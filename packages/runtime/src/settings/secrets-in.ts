/** What is secret in a secret setting: the whole, the password within an address or behind a user, the keys within a list. */
export function secretsIn(setting: string): readonly string[] {
  if (URL.canParse(setting) && setting.includes('://')) {
    const { username, password } = new URL(setting);
    return [password, decoded(password), inBase64(username, password)];
  }
  // A password may hold commas, and a list looks the same.
  return [setting, behindColon(setting), ...setting.split(',').map(behindColon)];
}

const behindColon = (part: string) => part.slice(part.indexOf(':') + 1);

/** As a server may echo a sign-in. */
const inBase64 = (user: string, password: string) =>
  password === '' ? '' : Buffer.from(`${decoded(user)}:${decoded(password)}`).toString('base64');

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

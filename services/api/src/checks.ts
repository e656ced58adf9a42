/** What else is looked at in the settings before this service starts. */
import { loadPasswordRule, nameMistake } from '@lazada-sof/db';
import type { Checks } from '@lazada-sof/runtime';

/** The first administrator follows the rules of all people, also where there is one of that name already. */
export async function loadChecks(): Promise<Checks<'console'>> {
  const passwordMistake = await loadPasswordRule();
  return {
    console: {
      admin({ user, password }) {
        const name = nameMistake(user);
        const secret = passwordMistake(password, user);
        return [...(name ? [`the user ${name}`] : []), ...(secret ? [`the password ${secret}`] : [])];
      },
    },
  };
}

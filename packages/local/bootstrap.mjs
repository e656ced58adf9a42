/**
 * What `npm start`, `npm test` and the other scripts begin with. Plain JavaScript without a dependency, for whatever
 * Node the machine has: installs what is missing, then hands over to the Node that this project pins.
 */
import { commands } from './bootstrap/commands.mjs';
import { install } from './bootstrap/install.mjs';

const OLDEST_NODE = 18;
const [name = '', ...args] = process.argv.slice(2);

async function main() {
  const command = commands[name];
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE)
    return fail(`This needs Node ${OLDEST_NODE} or newer to begin with; here is ${process.versions.node}.`);
  if (!command) return fail(`There is no command "${name}"; there are: ${Object.keys(commands).join(', ')}.`);
  await install();
  process.exitCode = await command(args);
}

function fail(words) {
  console.error(words);
  process.exitCode = 1;
}

main().catch((error) => {
  // Anything but a UserError is a mistake of ours, and its stack helps.
  console.error(error.name === 'UserError' ? `\n${error.message}` : error);
  process.exitCode = 1;
});

/**
 * A process of its own for strangers' PDFs: one that takes for ever, or all memory, ends with it. It is asked on its
 * standard input, answers on its standard output, and ends when nobody asks any more.
 */
import { join } from './join.ts';
import { look } from './look.ts';
import { watchMemory } from './memory-watch.ts';
import { partsOf, questionsOf } from './questions.ts';

const MEGABYTE = 1024 * 1024;
/** Below the bound by what can be taken between two looks of the watch. */
const MOST_MEMORY = 300 * MEGABYTE;
const SPENT = 160 * MEGABYTE;

const watch = watchMemory(MOST_MEMORY);
for await (const { question, pdf } of questionsOf(process.stdin)) {
  watch.begin();
  const found = question.join ? await join(partsOf(pdf, question.join)) : await look(pdf, question);
  const answer = { look: found, spent: process.memoryUsage.rss() > SPENT };
  watch.end();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

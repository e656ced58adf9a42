import { dedupConformance, describeOnEachQueue, outcomeConformance } from '@lazada-sof/testkit';

await describeOnEachQueue('jobs', (kind) => {
  dedupConformance(kind);
  outcomeConformance(kind);
});

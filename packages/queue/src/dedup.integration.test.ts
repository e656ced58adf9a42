import { dedupConformance, describeOnEachQueue } from '@lazada-sof/testkit';

await describeOnEachQueue('deduplication', dedupConformance);

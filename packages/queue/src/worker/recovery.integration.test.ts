import { describeOnEachQueue, recoveryConformance } from '@lazada-sof/testkit';

await describeOnEachQueue('jobs and processes', recoveryConformance);

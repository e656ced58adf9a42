import { describeOnEachQueue, strangersConformance } from '@lazada-sof/testkit';

await describeOnEachQueue("strangers' jobs", strangersConformance);

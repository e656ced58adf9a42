import { describeOnRealServer } from '@lazada-sof/testkit';

describeOnRealServer('ftps');

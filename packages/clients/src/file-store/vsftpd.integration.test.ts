import { describeOnRealServer } from '@lazada-sof/testkit';

describeOnRealServer('ftp');

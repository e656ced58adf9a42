import { describeOnRealServer } from '@lazada-sof/testkit';

describeOnRealServer('sftp');

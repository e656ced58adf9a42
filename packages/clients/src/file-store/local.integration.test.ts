import { describeFileStore, openLocalFolder } from '@lazada-sof/testkit';

// Root writes wherever it likes, so permissions are tested where a server obeys them.
describeFileStore('a local folder', { remote: false, obeysPermissions: false }, async () => openLocalFolder());

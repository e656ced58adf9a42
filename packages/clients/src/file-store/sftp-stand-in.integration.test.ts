import { describeFileStore, startStandIn } from '@lazada-sof/testkit';

// It runs as whoever runs the tests, often root, whom no permission stops.
describeFileStore("the simulator's SFTP server", { remote: true, obeysPermissions: false }, () => startStandIn('sftp'));

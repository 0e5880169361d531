import { createServer } from 'node:http';
import { listen } from '../../../src/surfaces/http/listen.ts';
import { refused } from '../../fixtures/openTools.ts';

const NAMES = { host: '--host', port: '--port' };

describe('listening', () => {
  it('says how to choose another port where it is taken', async () => {
    const [first, second] = [createServer(), createServer()];
    const port = await listen(first, '127.0.0.1', 0, NAMES);
    try {
      await refused(
        listen(second, '127.0.0.1', port, NAMES),
        'unavailable',
        /is taken\. .*another port with --port \(0/,
      );
    } finally {
      first.close();
    }
  });

  it('says how to choose another address where it is none of this machine', async () => {
    // Of TEST-NET-1, which nobody has.
    const wrong = listen(createServer(), '192.0.2.1', 0, NAMES);
    await refused(wrong, 'unavailable', /192\.0\.2\.1:0 cannot be listened on.*another address with --host/);
  });
});

import assert from 'node:assert/strict';
import { trialEnvironment } from '../../scripts/trialEnvironment.mjs';

describe('the environment of npm start', () => {
  it('names its own folder and no other memory', () => {
    const given = {
      PATH: '/bin',
      MCP_PORT: '9001',
      MEMORY_CENTRAL_HOME: '/mine',
      MEMORY_NAMESPACE: 'mine',
      MEMORY_CENTRAL_ENV: 'production',
      DATABASE_URL: 'file:/mine/memories.db',
      REDIS_URL: 'redis://team',
      REDIS_SENTINELS: 'one:26379',
      REDIS_SENTINEL_PASSWORD: 'secret',
      CACHE_REDIS_URL: 'redis://team',
    };
    assert.deepEqual(trialEnvironment(given, '/trial', 'docs'), {
      PATH: '/bin',
      MCP_PORT: '9001',
      MEMORY_CENTRAL_HOME: '/trial',
      MEMORY_NAMESPACE: 'docs',
    });
  });
});

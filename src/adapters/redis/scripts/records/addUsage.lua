-- KEYS: the model's usage (hash)
-- ARGV: requests and tokens to add
redis.call('HINCRBY', KEYS[1], 'requests', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'tokens_generated', ARGV[2])

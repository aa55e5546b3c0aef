"""
What a Redis server does in one step each, in its own language.

A vault is one hash: ``s`` its salt, ``m`` its mark, ``n`` how many records were put, ``e<own>`` a record (its number,
kin, body and content), ``o<value>`` the kin that a value part belongs to, ``b<body>`` a body that is taken. Beside it
lies one sorted set for all vaults, name to the millisecond in which it expires.

Every script gets the keys of the hash and of the set, and the name, the time to live in milliseconds and the most
vaults and records as its first arguments.
"""

from __future__ import annotations

from hybrid_guard.anonymizer.tokens import DIGITS, LETTERS

__all__ = ["CLAIM", "EXPIRE", "FORGET", "LOOK", "PURGE", "PUT", "READ", "SWAP"]

_COMMON = """
local vault, index = KEYS[1], KEYS[2]
local name, ttl, max_vaults, max_entries = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function touch()
  redis.call('PEXPIRE', vault, ttl)
  redis.call('ZADD', index, now + ttl, name)
end
local function full()
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  return redis.call('ZCARD', index) >= max_vaults
end
"""

CLAIM = """
local owner = redis.call('GET', KEYS[1])
if not owner then
  redis.call('SET', KEYS[1], ARGV[1])
  return 1
end
return owner == ARGV[1] and 1 or 0
"""
"""Key of the owner; its fingerprint. Gives 1 if it is the owner now."""

LOOK = """
redis.call('TIME')
redis.call('ZREM', KEYS[1], '')
return redis.call('GET', KEYS[2])
"""
"""Keys of the set and the owner. Gives who the owner is; writes nothing, in a way that a server must permit."""

READ = (
    _COMMON
    + """
local salt = redis.call('HGET', vault, 's')
if not salt then
  redis.call('ZREM', index, name)
  return false
end
touch()
local reply = {salt, redis.call('HGET', vault, 'm') or ''}
if ARGV[5] == '1' then
  local all = redis.call('HGETALL', vault)
  for place = 1, #all, 2 do
    if string.sub(all[place], 1, 1) == 'e' then
      reply[#reply + 1] = string.sub(all[place], 2)
      reply[#reply + 1] = all[place + 1]
    end
  end
end
return reply
"""
)
"""``1`` to have the records, too. Gives nothing, or the salt, the mark and each record with its hash."""

PUT = (
    _COMMON
    + f"local alphabets = {{[0] = '{DIGITS}', [1] = '{LETTERS}'}}"
    + """
local given, begin = ARGV[5], ARGV[6]
local salt = redis.call('HGET', vault, 's')
if not salt and begin == '' then return {'gone'} end
if salt and salt ~= given then
  touch()
  return {'changed', salt}
end

local function neighbours(body)
  local fields = {'b' .. body}
  for place = 1, #body do
    local alphabet = alphabets[(place + 1) % 2]
    local before, after = string.sub(body, 1, place - 1), string.sub(body, place + 1)
    for letter = 1, #alphabet do
      fields[#fields + 1] = 'b' .. before .. string.sub(alphabet, letter, letter) .. after
    end
  end
  return fields
end

local reply, fresh, values, bodies = {'put'}, {}, {}, {}
local owners, taken = {}, {}
for first = 7, #ARGV, 4 do
  local own, kin, body = ARGV[first], ARGV[first + 1], ARGV[first + 2]
  local position = (first - 7) / 4
  local known = salt and redis.call('HGET', vault, 'e' .. own)
  if known then
    reply[position + 2] = known
  else
    local field = 'o' .. string.sub(body, 1, 4)
    local owner = owners[field] or (salt and redis.call('HGET', vault, field))
    if owner and owner ~= kin then
      values[#values + 1] = position
    else
      local fields = neighbours(body)
      local near = false
      if salt then
        for _, found in ipairs(redis.call('HMGET', vault, unpack(fields))) do near = near or found end
      end
      for _, one in ipairs(fields) do near = near or taken[one] end
      if near then
        bodies[#bodies + 1] = position
      else
        owners[field], taken['b' .. body] = kin, true
        fresh[#fresh + 1] = first
      end
    end
  end
end

local count = tonumber(salt and redis.call('HGET', vault, 'n') or '0')
if count + #fresh + #values + #bodies > max_entries then
  if salt then touch() end
  return {'full'}
end
if #values + #bodies > 0 then
  if salt then touch() end
  return {'clash', values, bodies}
end
if not salt and full() then return {'many'} end
local fields = {'s', given}
if not salt then fields[3], fields[4] = 'm', begin end
for _, first in ipairs(fresh) do
  local own, kin, body, content = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  count = count + 1
  local record = struct.pack('>I4', count) .. kin .. body .. content
  for _, one in ipairs({'e' .. own, record, 'o' .. string.sub(body, 1, 4), kin, 'b' .. body, '1'}) do
    fields[#fields + 1] = one
  end
  reply[(first - 7) / 4 + 2] = record
end
fields[#fields + 1], fields[#fields + 2] = 'n', count
for start = 1, #fields, 2000 do
  redis.call('HSET', vault, unpack(fields, start, math.min(start + 1999, #fields)))
end
touch()
return reply
"""
)
"""
Salt, the mark to begin a life with or nothing; hash, kin, body and content of each record. Gives a word and its values.
"""

SWAP = (
    _COMMON
    + """
local given, old, mark, begin = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local salt = redis.call('HGET', vault, 's')
if not salt then
  if begin == '0' then return 'no' end
  if full() then return 'many' end
elseif begin == '1' or salt ~= given or (redis.call('HGET', vault, 'm') or '') ~= old then
  return 'no'
end
redis.call('HSET', vault, 's', given, 'm', mark)
touch()
return 'yes'
"""
)
"""Salt, the old and the new mark, whether to begin a life. Gives whether it was done."""

FORGET = """
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
"""
"""Name. Gives 1 if there was such a vault."""

PURGE = """
local gone, prefix = 0, ARGV[1]
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(name, 1, #prefix) == prefix then
    gone = gone + redis.call('DEL', ARGV[2] .. name)
    redis.call('ZREM', KEYS[1], name)
  end
end
if #prefix == 0 then redis.call('DEL', KEYS[2]) end
return gone
"""
"""Keys of the set and the owner; prefix of the names, and what their keys begin with. Gives how many were deleted."""

EXPIRE = """
local time = redis.call('TIME')
return redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] * 1000 + math.floor(time[2] / 1000))
"""
"""Key of the set. Gives how many vaults have expired; the server has deleted them by itself."""

-- Appends events that belong to no other write.
-- KEYS: 1 journal (stream)
-- ARGV: 1 journal entries to keep, 2… events (JSON)
-- Returns 1.
append(KEYS[1], ARGV[1], 2)
return 1

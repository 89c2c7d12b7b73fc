-- Hashes of detections are written as those of files are, in small letters: so a file and what was found about it meet
-- by an index, whatever letters the sender uses.

UPDATE detection SET sha256 = lower(sha256), sha1 = lower(sha1), md5 = lower(md5)
 WHERE (sha256, sha1, md5) IS DISTINCT FROM (lower(sha256), lower(sha1), lower(md5));

-- escalation_marks: a target says at which shares of its time it warns (0036); each of them may begin a walk.
ALTER TABLE escalation DROP CONSTRAINT escalation_mark_check;
ALTER TABLE escalation ADD CONSTRAINT escalation_mark_check CHECK (mark BETWEEN 1 AND 100);

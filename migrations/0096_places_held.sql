-- Where files and scripts ran, and who was at work where, is written while events arrive, thousands of rows at a time.
-- A foreign key asks for each of them, with a plan that PostgreSQL makes once, when the table was all but empty: on the
-- first day of a house it then walks all files of the customer for each row. The transaction that writes a place has
-- just written, and holds, the file or the script; computers never go, and what sweeps files away takes places first.
-- drops the foreign keys of executable_computer, script_computer and computer_user

ALTER TABLE executable_computer DROP CONSTRAINT executable_computer_executable_id_fkey,
    DROP CONSTRAINT executable_computer_computer_id_fkey;
ALTER TABLE script_computer DROP CONSTRAINT script_computer_script_id_fkey,
    DROP CONSTRAINT script_computer_computer_id_fkey;
ALTER TABLE computer_user DROP CONSTRAINT computer_user_computer_id_fkey;

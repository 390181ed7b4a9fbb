-- The same for work that comes back for ever: a scheduler of its own, so that jobs that wait for somebody cannot hold it up.
create table recurring_tasks (like scheduled_tasks including all);
insert into recurring_tasks select * from scheduled_tasks where task_instance = 'recurring';
delete from scheduled_tasks where task_instance = 'recurring';

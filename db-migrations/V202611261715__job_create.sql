-- Background work (ground.job): the tables of db-scheduler, in its own words. A task is claimed by one node at a time.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time asc);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat asc);
comment on table scheduled_tasks is 'work that is done once; rows go when it is done';

-- A scheduler of its own, so that work which waits for another server cannot delay the recurring jobs.
create table recurring_tasks (like scheduled_tasks including all);
comment on table recurring_tasks is 'jobs that come back for ever';

-- The sweeper's jobs have new names; rows of the old ones would look overdue for ever.
delete from recurring_tasks where task_name in ('ask-about-silence', 'ask-about-refunds');

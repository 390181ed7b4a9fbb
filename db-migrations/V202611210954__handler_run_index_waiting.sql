create index handler_run_waiting on handler_run (next_at) where state = 'WAITING';

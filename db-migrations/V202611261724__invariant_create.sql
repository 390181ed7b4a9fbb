-- Conditions that must always hold (room health).
create table invariant (
    name       text        primary key,
    violations bigint      not null,
    oldest     timestamptz,
    samples    text        not null,
    checked_at timestamptz not null,
    changed_at timestamptz not null,
    wide_at    timestamptz,
    took_ms    bigint      not null
);
comment on table invariant is 'the result of the last check, one row for each condition';
comment on column invariant.samples is 'some of the rows that violate it, one a line: a noun and an id';
comment on column invariant.wide_at is 'when more than the last hour was last checked';

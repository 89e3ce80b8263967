package dev.kittiwake.tpcc;

/** What all terminals of one run share. */
record RunContext(
    TpccOptions options,
    SessionSource sessions,
    Time time,
    Interval interval,
    Series series,
    Ledger ledger,
    Progress progress) {}

/** A query, possibly a locking one. */
SqlNode KwQuery() :
{
    SqlNode query;
    boolean nowait = false;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    [
        <FOR_UPDATE> [ <NOWAIT> { nowait = true; } ]
        { query = new StatementNode(query.getParserPosition(), new Syntax.LockingQuery(query, nowait)); }
    ]
    { return query; }
}

/** EXPLAIN [PLAN FOR] statement. */
SqlNode KwExplain() :
{
    final Span s;
    final SqlNode statement;
}
{
    <EXPLAIN> { s = span(); } [ LOOKAHEAD(2) <PLAN> <FOR> ]
    (
        statement = KwQuery()
    |
        statement = SqlInsert()
    |
        statement = SqlDelete()
    |
        statement = SqlUpdate()
    )
    { return new StatementNode(s.end(this), new Syntax.Explain(statement)); }
}

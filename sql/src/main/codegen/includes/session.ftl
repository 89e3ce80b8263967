SqlNode KwTransaction() :
{
    final Span s;
    boolean readOnly = false;
    SqlIdentifier name = null;
}
{
    (
        <BEGIN> { s = span(); } [ <TRANSACTION> | <WORK> ] readOnly = KwTransactionMode()
        { return new StatementNode(s.end(this), new Syntax.Begin(readOnly)); }
    |
        <START> { s = span(); } <TRANSACTION> readOnly = KwTransactionMode()
        { return new StatementNode(s.end(this), new Syntax.Begin(readOnly)); }
    |
        <COMMIT> { s = span(); } [ <TRANSACTION> | <WORK> ]
        { return new StatementNode(s.end(this), new Syntax.Commit()); }
    |
        <ROLLBACK> { s = span(); } [ <TRANSACTION> | <WORK> ]
        [ <TO> [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier() ]
        { return new StatementNode(s.end(this), name == null ? new Syntax.Rollback() : new Syntax.RollbackTo(name)); }
    |
        <SAVEPOINT> { s = span(); } name = SimpleIdentifier()
        { return new StatementNode(s.end(this), new Syntax.SetSavepoint(name)); }
    |
        <RELEASE> { s = span(); } [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
        { return new StatementNode(s.end(this), new Syntax.ReleaseSavepoint(name)); }
    )
}

boolean KwTransactionMode() : {}
{
    ( <READ> ( <ONLY> { return true; } | <WRITE> { return false; } ) | { return false; } )
}

/** SET [SESSION] TRANSACTION ISOLATION LEVEL … */
SqlNode KwSetTransaction() :
{
    final Span s;
    final String level;
}
{
    <SET> { s = span(); } [ <SESSION> ] <TRANSACTION> <ISOLATION> <LEVEL>
    (
        <READ> ( <COMMITTED> { level = "READ COMMITTED"; } | <UNCOMMITTED> { level = "READ UNCOMMITTED"; } )
    |
        <REPEATABLE> <READ> { level = "REPEATABLE READ"; }
    |
        <SERIALIZABLE> { level = "SERIALIZABLE"; }
    )
    { return new StatementNode(s.end(this), new Syntax.SetIsolation(level)); }
}

SqlNode KwShow() :
{
    final Span s;
    SqlIdentifier schema = null;
}
{
    <SHOW> { s = span(); }
    (
        <TABLES> [ ( <FROM> | <IN> ) schema = SimpleIdentifier() ]
        { return new StatementNode(s.end(this), new Syntax.ShowTables(schema)); }
    |
        <SCHEMAS>
        { return new StatementNode(s.end(this), new Syntax.ShowSchemas()); }
    )
}

SqlNode KwUse() :
{
    final Span s;
    final SqlIdentifier schema;
}
{
    <USE> { s = span(); } schema = SimpleIdentifier()
    { return new StatementNode(s.end(this), new Syntax.Use(schema)); }
}

SqlNode KwDescribe() :
{
    final Span s;
    final SqlIdentifier table;
}
{
    ( <DESCRIBE> | <DESC> ) { s = span(); } [ <TABLE> ] table = CompoundIdentifier()
    { return new StatementNode(s.end(this), new Syntax.DescribeTable(table)); }
}

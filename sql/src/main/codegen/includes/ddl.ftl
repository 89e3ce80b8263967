SqlNode KwCreate() :
{
    final Span s;
    boolean unique = false;
    final Syntax syntax;
}
{
    <CREATE> { s = span(); }
    (
        <TABLE> syntax = KwCreateTable()
    |
        ( <SCHEMA> | <DATABASE> ) syntax = KwCreateSchema()
    |
        [ <UNIQUE> { unique = true; } ] <INDEX> syntax = KwCreateIndex(unique)
    )
    { return new StatementNode(s.end(this), syntax); }
}

Syntax KwCreateSchema() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
}
{
    ifNotExists = KwIfNotExists() name = SimpleIdentifier()
    { return new Syntax.CreateSchema(name, ifNotExists); }
}

Syntax KwCreateIndex(boolean unique) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SqlIdentifier table;
    final List<SqlIdentifier> columns;
}
{
    ifNotExists = KwIfNotExists() name = SimpleIdentifier()
    <ON> table = CompoundIdentifier() columns = KwColumnNames()
    { return new Syntax.CreateIndex(name, table, unique, columns, ifNotExists); }
}

Syntax KwCreateTable() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final List<Syntax.TableElement> elements = new ArrayList<Syntax.TableElement>();
}
{
    ifNotExists = KwIfNotExists() name = CompoundIdentifier()
    <LPAREN> KwTableElement(elements) ( <COMMA> KwTableElement(elements) )* <RPAREN>
    { return new Syntax.CreateTable(name, ifNotExists, elements); }
}

void KwTableElement(List<Syntax.TableElement> elements) :
{
    SqlIdentifier name = null;
    List<SqlIdentifier> columns;
    final Syntax.Column column;
}
{
    [ <CONSTRAINT> name = SimpleIdentifier() ]
    (
        <PRIMARY> <KEY> columns = KwColumnNames()
        { elements.add(new Syntax.Key(Syntax.KeyKind.PRIMARY, name, columns)); }
    |
        LOOKAHEAD(<UNIQUE>)
        <UNIQUE> [ LOOKAHEAD(2) ( <KEY> | <INDEX> ) ] [ name = SimpleIdentifier() ] columns = KwColumnNames()
        { elements.add(new Syntax.Key(Syntax.KeyKind.UNIQUE, name, columns)); }
    |
        LOOKAHEAD(( <INDEX> | <KEY> ) ( SimpleIdentifier() )? <LPAREN>)
        ( <INDEX> | <KEY> ) [ name = SimpleIdentifier() ] columns = KwColumnNames()
        { elements.add(new Syntax.Key(Syntax.KeyKind.INDEX, name, columns)); }
    |
        <FOREIGN> <KEY> columns = KwColumnNames() <REFERENCES> name = CompoundIdentifier() [ columns = KwColumnNames() ]
        KwReferenceActions()
        { elements.add(new Syntax.ForeignKey(name)); }
    |
        column = KwColumn()
        { elements.add(column); }
    )
}

/** ON DELETE … and ON UPDATE …: read, because the whole foreign key is refused later with one clear message. */
void KwReferenceActions() : {}
{
    (
        <ON> ( <DELETE> | <UPDATE> )
        ( <CASCADE> | <RESTRICT> | LOOKAHEAD(2) <SET> <NULL> | <SET> <DEFAULT_> | <NO> <ACTION> )
    )*
}

Syntax.Column KwColumn() :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final Syntax.Column column;
}
{
    name = SimpleIdentifier() type = DataType()
    { column = new Syntax.Column(name, type); }
    ( KwColumnOption(column) )*
    { return column; }
}

void KwColumnOption(Syntax.Column column) :
{
    final SqlNode value;
    final SqlIdentifier referenced;
}
{
    <NOT> <NULL> { column.notNull(); }
|
    <NULL> { column.explicitlyNullable(); }
|
    <DEFAULT_> value = Expression(ExprContext.ACCEPT_NON_QUERY) { column.defaultsTo(value); }
|
    <PRIMARY> <KEY> { column.primaryKey(); }
|
    <UNIQUE> [ LOOKAHEAD(1) <KEY> ] { column.unique(); }
|
    <AUTO_INCREMENT> { column.autoIncrement(); }
|
    <GENERATED> ( <ALWAYS> | <BY> <DEFAULT_> ) <AS> <IDENTITY> { column.autoIncrement(); }
|
    <REFERENCES> referenced = CompoundIdentifier() [ KwColumnNames() ] KwReferenceActions()
    { column.references(referenced); }
}

SqlNode KwDrop() :
{
    final Span s;
    final Syntax syntax;
}
{
    <DROP> { s = span(); }
    (
        <TABLE> syntax = KwDropTable()
    |
        <INDEX> syntax = KwDropIndex()
    |
        ( <SCHEMA> | <DATABASE> ) syntax = KwDropSchema()
    )
    { return new StatementNode(s.end(this), syntax); }
}

Syntax KwDropTable() :
{
    final boolean ifExists;
    final List<SqlIdentifier> tables = new ArrayList<SqlIdentifier>();
    SqlIdentifier table;
}
{
    ifExists = KwIfExists()
    table = CompoundIdentifier() { tables.add(table); }
    ( <COMMA> table = CompoundIdentifier() { tables.add(table); } )*
    [ <CASCADE> | <RESTRICT> ]
    { return new Syntax.DropTable(tables, ifExists); }
}

Syntax KwDropIndex() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    SqlIdentifier table = null;
}
{
    ifExists = KwIfExists() name = CompoundIdentifier()
    [ <ON> table = CompoundIdentifier() ]
    { return new Syntax.DropIndex(name, table, ifExists); }
}

Syntax KwDropSchema() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    boolean cascade = false;
}
{
    ifExists = KwIfExists() name = SimpleIdentifier()
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    { return new Syntax.DropSchema(name, ifExists, cascade); }
}

SqlNode KwTruncate() :
{
    final Span s;
    final SqlIdentifier table;
}
{
    <TRUNCATE> { s = span(); } <TABLE> table = CompoundIdentifier()
    { return new StatementNode(s.end(this), new Syntax.TruncateTable(table)); }
}

SqlNode KwAlterTable() :
{
    final Span s;
    final SqlIdentifier table;
    final Syntax syntax;
    boolean flag;
    SqlIdentifier name;
    Syntax.Column column;
}
{
    <ALTER> { s = span(); } <TABLE> table = CompoundIdentifier()
    (
        <ADD> [ <COLUMN> ] flag = KwIfNotExists() column = KwColumn()
        { syntax = new Syntax.AddColumn(table, column, flag); }
    |
        <DROP> [ <COLUMN> ] flag = KwIfExists() name = SimpleIdentifier()
        { syntax = new Syntax.DropColumn(table, name, flag); }
    )
    { return new StatementNode(s.end(this), syntax); }
}

SqlNode KwAnalyze() :
{
    final Span s;
    final SqlIdentifier table;
}
{
    <ANALYZE> { s = span(); } <TABLE> table = CompoundIdentifier()
    { return new StatementNode(s.end(this), new Syntax.AnalyzeTable(table)); }
}

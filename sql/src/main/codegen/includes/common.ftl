boolean KwIfExists() : {}
{
    ( LOOKAHEAD(2) <IF> <EXISTS> { return true; } | { return false; } )
}

boolean KwIfNotExists() : {}
{
    ( LOOKAHEAD(3) <IF> <NOT> <EXISTS> { return true; } | { return false; } )
}

/** (a, b, c) */
List<SqlIdentifier> KwColumnNames() :
{
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    <LPAREN> name = KwIndexColumn() { names.add(name); }
    ( <COMMA> name = KwIndexColumn() { names.add(name); } )*
    <RPAREN> { return names; }
}

/** Every key is stored ascending, so ASC says nothing new. */
SqlIdentifier KwIndexColumn() :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() [ <ASC> ] { return name; }
}

/** TEXT, BLOB and DATETIME: our names of VARCHAR, VARBINARY without a given length, and of TIMESTAMP. */
SqlTypeNameSpec KwTextType() :
{
    int precision = -1;
}
{
    <TEXT> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos()); }
|
    ( <BLOB> ) { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, getPos()); }
|
    <DATETIME> precision = PrecisionOpt() {
        return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, precision, getPos());
    }
}

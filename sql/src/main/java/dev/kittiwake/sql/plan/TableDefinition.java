package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableName;
import dev.kittiwake.sql.parser.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;

/** What a CREATE TABLE says, checked: columns, primary key, indexes. Used once. */
final class TableDefinition {
  private static final String GUESS =
      "; known types are INT, BIGINT, SMALLINT, TINYINT, DECIMAL, DOUBLE, REAL, BOOLEAN, CHAR,"
          + " VARCHAR, TEXT, BINARY, VARBINARY, BLOB, DATE, TIME, TIMESTAMP";

  private final Syntax.CreateTable syntax;
  private final TableName name;
  private final List<Statement.NewColumn> columns = new ArrayList<>();
  private final List<Statement.NewIndex> indexes = new ArrayList<>();
  private List<String> primaryKey = List.of();

  TableDefinition(Syntax.CreateTable syntax, TableName name) {
    this.syntax = syntax;
    this.name = name;
  }

  Statement statement() {
    for (Syntax.TableElement element : syntax.elements()) {
      if (element instanceof Syntax.Column column) {
        addColumn(column);
      }
    }
    for (Syntax.TableElement element : syntax.elements()) {
      if (element instanceof Syntax.ForeignKey) {
        throw foreignKeys();
      }
      if (element instanceof Syntax.Key key) {
        addKey(key);
      }
    }
    List<Integer> key = primaryKey.stream().map(this::ordinal).toList();
    for (int ordinal : key) {
      Statement.NewColumn c = columns.get(ordinal);
      columns.set(
          ordinal,
          new Statement.NewColumn(c.name(), c.type(), false, c.defaultSql(), c.autoIncrement()));
    }
    if (columns.isEmpty()) {
      throw SqlError.of(SqlStates.SYNTAX, "table " + name.name() + " needs at least one column");
    }
    return new Statement.CreateTable(name, syntax.ifNotExists(), columns, key, indexes);
  }

  private void addColumn(Syntax.Column column) {
    Statement.NewColumn added = added(column);
    if (columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(added.name()))) {
      throw SqlError.of(SqlStates.DUPLICATE_COLUMN, "column " + added.name() + " is defined twice");
    }
    if (added.autoIncrement() && columns.stream().anyMatch(Statement.NewColumn::autoIncrement)) {
      throw SqlError.of(SqlStates.NOT_SUPPORTED, "a table may have one AUTO_INCREMENT column only");
    }
    columns.add(added);
    if (column.has("PRIMARY KEY")) {
      setPrimaryKey(List.of(added.name()));
    }
    if (column.has("UNIQUE")) {
      addIndex(null, true, List.of(added.name()));
    }
  }

  /** A column on its own, as ADD COLUMN has it. */
  static Statement.NewColumn added(Syntax.Column column) {
    if (column.referenced() != null) {
      throw foreignKeys();
    }
    String name = column.name().getSimple();
    SqlType type = type(name, column.type());
    boolean auto = column.has("AUTO_INCREMENT");
    if (auto && !type.kind().isInteger()) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED, "AUTO_INCREMENT column " + name + " must be of an integer type");
    }
    boolean nullable = !column.has("NOT NULL") && !column.has("PRIMARY KEY") && !auto;
    Optional<String> byDefault =
        Optional.ofNullable(column.defaultValue()).map(TableDefinition::sql);
    return new Statement.NewColumn(name, type, nullable, byDefault, auto);
  }

  private void addKey(Syntax.Key key) {
    List<String> names = key.columns().stream().map(SqlIdentifier::getSimple).toList();
    names.forEach(this::ordinal);
    if (key.kind() == Syntax.KeyKind.PRIMARY) {
      setPrimaryKey(names);
    } else {
      addIndex(
          key.name() == null ? null : key.name().getSimple(),
          key.kind() == Syntax.KeyKind.UNIQUE,
          names);
    }
  }

  private void setPrimaryKey(List<String> names) {
    if (!primaryKey.isEmpty()) {
      throw SqlError.of(SqlStates.SYNTAX, "table " + name.name() + " has two primary keys");
    }
    primaryKey = names;
  }

  private void addIndex(String given, boolean unique, List<String> names) {
    String made =
        given == null
            ? name.name() + "_" + String.join("_", names) + (unique ? "_key" : "_idx")
            : given;
    if (indexes.stream().anyMatch(i -> i.name().equalsIgnoreCase(made))) {
      throw SqlError.of(SqlStates.DUPLICATE_INDEX, "index " + made + " is defined twice");
    }
    indexes.add(new Statement.NewIndex(made, unique, names));
  }

  private int ordinal(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(column)) {
        return i;
      }
    }
    throw ValidationErrors.unknownColumn(
        column, columns.stream().map(Statement.NewColumn::name).toList(), 0);
  }

  private static SqlError foreignKeys() {
    return SqlError.of(
        SqlStates.NOT_SUPPORTED, "foreign keys are not supported yet: leave REFERENCES out");
  }

  private static SqlType type(String column, SqlDataTypeSpec spec) {
    if (!(spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic)) {
      throw unknownType(column, spec);
    }
    int precision = basic.getPrecision();
    SqlType type =
        switch (spec.getTypeName().getSimple()) {
          case "BOOLEAN" -> SqlType.BOOLEAN;
          case "TINYINT" -> SqlType.TINYINT;
          case "SMALLINT" -> SqlType.SMALLINT;
          case "INTEGER" -> SqlType.INT;
          case "BIGINT" -> SqlType.BIGINT;
          case "REAL" -> SqlType.FLOAT;
          case "FLOAT", "DOUBLE" -> SqlType.DOUBLE;
          case "DECIMAL" -> decimal(precision, basic.getScale());
          case "CHAR" -> SqlType.character(precision < 0 ? 1 : precision);
          case "VARCHAR" -> precision < 0 ? SqlType.TEXT : SqlType.varchar(precision);
          case "BINARY" -> new SqlType(SqlType.Kind.BINARY, precision < 0 ? 1 : precision, 0);
          case "VARBINARY" -> precision < 0 ? SqlType.BLOB : SqlType.varbinary(precision);
          case "DATE" -> SqlType.DATE;
          case "TIME" -> SqlType.time(Math.max(precision, 0));
          case "TIMESTAMP" -> SqlType.timestamp(precision < 0 ? 6 : precision);
          default -> throw unknownType(column, spec);
        };
    checkLimits(column, type);
    return type;
  }

  private static SqlType decimal(int precision, int scale) {
    return precision < 0
        ? SqlType.decimal(SqlType.MAX_DECIMAL_PRECISION, 10)
        : SqlType.decimal(precision, Math.max(scale, 0));
  }

  private static void checkLimits(String column, SqlType type) {
    boolean within =
        switch (type.kind()) {
          case DECIMAL ->
              type.precision() >= 1
                  && type.precision() <= SqlType.MAX_DECIMAL_PRECISION
                  && type.scale() <= type.precision();
          case CHAR, BINARY -> type.precision() >= 1 && type.precision() <= SqlType.MAX_CHAR_LENGTH;
          case VARCHAR, VARBINARY ->
              type.precision() >= 1 && type.precision() <= SqlType.MAX_VARYING_LENGTH;
          case TIME, TIMESTAMP -> type.precision() <= 6;
          default -> true;
        };
    if (!within) {
      throw SqlError.of(
          SqlStates.INVALID_PARAMETER,
          "column "
              + column
              + ": "
              + type
              + " is out of limits (DECIMAL up to 38 digits, CHAR up to "
              + SqlType.MAX_CHAR_LENGTH
              + ", VARCHAR up to "
              + SqlType.MAX_VARYING_LENGTH
              + ", TIMESTAMP up to 6 fraction digits)");
    }
  }

  private static String sql(org.apache.calcite.sql.SqlNode expression) {
    return expression.toSqlString(org.apache.calcite.sql.dialect.AnsiSqlDialect.DEFAULT).getSql();
  }

  private static SqlError unknownType(String column, SqlDataTypeSpec spec) {
    return SqlError.of(
        SqlStates.SYNTAX,
        "column " + column + " has an unknown type " + spec.getTypeName() + GUESS);
  }
}

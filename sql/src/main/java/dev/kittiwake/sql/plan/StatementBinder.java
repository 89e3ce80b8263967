package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.TableName;
import dev.kittiwake.sql.parser.Syntax;
import java.util.Locale;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlSetOption;

/**
 * From the syntax of DDL, transaction and session statements to what a session carries out: names
 * get their schema.
 */
final class StatementBinder {
  private final Catalog catalog;
  private final String schema;

  StatementBinder(Catalog catalog, String schema) {
    this.catalog = catalog;
    this.schema = schema;
  }

  Statement bind(Syntax syntax) {
    if (syntax instanceof Syntax.CreateTable create) {
      return new TableDefinition(create, name(create.table())).statement();
    }
    if (syntax instanceof Syntax.CreateIndex create) {
      return new Statement.CreateIndex(
          name(create.table()),
          new Statement.NewIndex(
              create.index().getSimple(),
              create.unique(),
              create.columns().stream().map(SqlIdentifier::getSimple).toList()),
          create.ifNotExists());
    }
    if (syntax instanceof Syntax.CreateSchema create) {
      return new Statement.CreateSchema(create.schema().getSimple(), create.ifNotExists());
    }
    if (syntax instanceof Syntax.DropTable drop) {
      return new Statement.DropTable(
          drop.tables().stream().map(this::name).toList(), drop.ifExists());
    }
    if (syntax instanceof Syntax.DropIndex drop) {
      TableName index = name(drop.index());
      return new Statement.DropIndex(
          index.schema(),
          Optional.ofNullable(drop.table()).map(this::name),
          index.name(),
          drop.ifExists());
    }
    if (syntax instanceof Syntax.DropSchema drop) {
      return new Statement.DropSchema(drop.schema().getSimple(), drop.ifExists(), drop.cascade());
    }
    if (syntax instanceof Syntax.TruncateTable truncate) {
      return new Statement.TruncateTable(name(truncate.table()));
    }
    if (syntax instanceof Syntax.AddColumn add) {
      return new Statement.AddColumn(
          name(add.table()), TableDefinition.added(add.column()), add.ifNotExists());
    }
    if (syntax instanceof Syntax.DropColumn drop) {
      return new Statement.DropColumn(
          name(drop.table()), drop.column().getSimple(), drop.ifExists());
    }
    if (syntax instanceof Syntax.AnalyzeTable analyze) {
      return new Statement.AnalyzeTable(known(analyze.table()));
    }
    return bindSession(syntax);
  }

  private Statement bindSession(Syntax syntax) {
    if (syntax instanceof Syntax.Begin begin) {
      return new Statement.Begin(begin.readOnly());
    }
    if (syntax instanceof Syntax.Commit) {
      return new Statement.Commit();
    }
    if (syntax instanceof Syntax.Rollback) {
      return new Statement.Rollback();
    }
    if (syntax instanceof Syntax.SetSavepoint savepoint) {
      return new Statement.SetSavepoint(savepoint.name().getSimple());
    }
    if (syntax instanceof Syntax.RollbackTo rollback) {
      return new Statement.RollbackTo(rollback.name().getSimple());
    }
    if (syntax instanceof Syntax.ReleaseSavepoint release) {
      return new Statement.ReleaseSavepoint(release.name().getSimple());
    }
    if (syntax instanceof Syntax.SetIsolation isolation) {
      return new Statement.SetOption("transaction_isolation", isolation.level());
    }
    if (syntax instanceof Syntax.ShowTables show) {
      return new Statement.ShowTables(show.schema() == null ? schema : show.schema().getSimple());
    }
    if (syntax instanceof Syntax.ShowSchemas) {
      return new Statement.ShowSchemas();
    }
    if (syntax instanceof Syntax.DescribeTable describe) {
      return new Statement.DescribeTable(known(describe.table()));
    }
    if (syntax instanceof Syntax.Use use) {
      return new Statement.Use(use.schema().getSimple());
    }
    throw new IllegalStateException("not bound here: " + syntax);
  }

  /** {@code SET name = value}, {@code RESET name} (a null value). */
  static Statement setOption(SqlSetOption option) {
    String name = option.name().toString().toLowerCase(Locale.ROOT);
    if (option.getValue() == null) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED, "RESET is not supported: SET " + name + " = value");
    }
    Object value =
        option.getValue() instanceof SqlLiteral literal
            ? value(literal)
            : option.getValue().toString();
    return new Statement.SetOption(name, value);
  }

  private static Object value(SqlLiteral literal) {
    return switch (literal.getTypeName()) {
      case BOOLEAN -> literal.booleanValue();
      case DECIMAL, DOUBLE -> literal.bigDecimalValue();
      default -> literal.getValueAs(String.class);
    };
  }

  private TableName name(SqlIdentifier identifier) {
    int parts = identifier.names.size();
    if (parts > 2) {
      throw SqlError.of(SqlStates.SYNTAX, identifier + " has too many parts: schema.name at most");
    }
    return new TableName(
        parts == 2 ? identifier.names.get(0) : schema, identifier.names.get(parts - 1));
  }

  private TableName known(SqlIdentifier identifier) {
    TableName name = name(identifier);
    if (catalog.table(name.schema(), name.name()).isEmpty()) {
      throw ValidationErrors.unknownTable(catalog, name.schema(), name.name(), 0);
    }
    return name;
  }
}

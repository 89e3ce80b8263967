package dev.kittiwake.sql.parser;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.parser.generated.KittiwakeParser;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlConformance;

/**
 * Parses one statement. Names keep their case and are matched without regard to it; double quotes
 * quote names. Thread-safe.
 */
public final class StatementParser {
  private static final Pattern EXPLAIN_PLAN_FOR =
      Pattern.compile("^\\s*explain[ \\t]+(plan[ \\t]+for)\\b", Pattern.CASE_INSENSITIVE);
  private static final int MAX_NAME_LENGTH = 128;

  private final SqlParser.Config config;

  public StatementParser(SqlConformance conformance) {
    config =
        SqlParser.config()
            .withParserFactory(KittiwakeParser.FACTORY)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false)
            .withIdentifierMaxLength(MAX_NAME_LENGTH)
            .withConformance(conformance);
  }

  /**
   * The syntax tree of the only statement in {@code sql}; a semicolon may end it.
   *
   * @return a {@link StatementNode} for our own statements, otherwise Calcite's node
   * @throws SqlError 42601 with line, column and the offending word
   */
  public SqlNode parse(String sql) {
    String text = withoutPlanFor(withoutSemicolon(sql));
    if (text.isBlank()) {
      throw SqlError.of(SqlStates.SYNTAX, "the statement is empty");
    }
    try {
      return withUserColumns(text, SqlParser.create(text, config).parseStmt());
    } catch (SqlParseException e) {
      throw SyntaxErrors.describe(text, e);
    }
  }

  /**
   * The syntax tree of an expression, such as a column's DEFAULT.
   *
   * @throws SqlError 42601
   */
  public SqlNode parseExpression(String sql) {
    try {
      return SqlParser.create(sql, config).parseExpression();
    } catch (SqlParseException e) {
      throw SyntaxErrors.describe(sql, e);
    }
  }

  /**
   * Blanks PLAN FOR out, whose FOR would make one token with the UPDATE behind it; places stay the
   * same.
   */
  private static String withoutPlanFor(String sql) {
    Matcher explain = EXPLAIN_PLAN_FOR.matcher(sql);
    return explain.find()
        ? sql.substring(0, explain.start(1))
            + " ".repeat(explain.end(1) - explain.start(1))
            + sql.substring(explain.end(1))
        : sql;
  }

  private static String withoutSemicolon(String sql) {
    String text = sql.stripTrailing();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).stripTrailing();
    }
    return text;
  }

  /**
   * The grammar takes a bare USER for the function of that name, which we do not have: it is a
   * column.
   */
  private static SqlNode withUserColumns(String text, SqlNode parsed) {
    if (parsed instanceof StatementNode || !text.toLowerCase(Locale.ROOT).contains("user")) {
      return parsed;
    }
    return parsed.accept(
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlIdentifier name) {
            return name.isSimple() && name.getSimple().equalsIgnoreCase("user")
                ? column(name)
                : name;
          }

          @Override
          public SqlNode visit(SqlCall call) {
            return call.getOperator() == SqlStdOperatorTable.USER
                ? column(call)
                : super.visit(call);
          }
        });
  }

  /** A quoted name is never taken for a function. */
  private static SqlIdentifier column(SqlNode user) {
    return new SqlIdentifier(
        java.util.List.of("user"),
        null,
        user.getParserPosition(),
        java.util.List.of(user.getParserPosition().withQuoting(true)));
  }
}

package dev.kittiwake.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Carries one of our statements through Calcite's parser, which yields {@code SqlNode}s only. */
public final class StatementNode extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("STATEMENT", SqlKind.OTHER_DDL);

  private final Syntax syntax;

  public StatementNode(SqlParserPos position, Syntax syntax) {
    super(position);
    this.syntax = syntax;
  }

  /** The statement. */
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
    writer.print(syntax.toString());
  }
}

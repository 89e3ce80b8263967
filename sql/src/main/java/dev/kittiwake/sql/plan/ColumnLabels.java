package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What result columns are called: their name or alias; an expression by its own text. */
final class ColumnLabels {
  private static final String UNNAMED = "EXPR$";

  private final String sql;

  ColumnLabels(String sql) {
    this.sql = sql;
  }

  /**
   * One label for each column of {@code type}.
   *
   * @param query as validated: stars are spelled out in its select list
   */
  List<String> of(SqlNode query, RelDataType type) {
    List<String> labels = new ArrayList<>(type.getFieldNames());
    SqlNodeList items = selectList(query);
    for (int i = 0; i < labels.size(); i++) {
      if (!labels.get(i).startsWith(UNNAMED)) {
        continue;
      }
      labels.set(
          i,
          items != null && items.size() == labels.size()
              ? label(items.get(i), i)
              : "column" + (i + 1));
    }
    return labels;
  }

  /** The select list that names the columns: of a set operation the first; null for VALUES. */
  private static SqlNodeList selectList(SqlNode query) {
    SqlNode at = query;
    while (true) {
      if (at instanceof SqlSelect select) {
        return select.getSelectList();
      }
      if (at instanceof SqlOrderBy sorted) {
        at = sorted.query;
      } else if (at instanceof SqlWith with) {
        at = with.body;
      } else if (at.isA(SqlKind.SET_QUERY)) {
        at = ((SqlCall) at).operand(0);
      } else {
        return null;
      }
    }
  }

  private String label(SqlNode item, int column) {
    SqlNode expression = item.getKind() == SqlKind.AS ? ((SqlBasicCall) item).operand(0) : item;
    String text = textAt(expression.getParserPosition());
    if (text == null) {
      text =
          expression
              .toSqlString(
                  c -> c.withDialect(AnsiSqlDialect.DEFAULT).withQuoteAllIdentifiers(false))
              .getSql();
    }
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.isEmpty() ? "column" + (column + 1) : line;
  }

  /** The user's text at a position; null if it is not a whole expression. */
  private String textAt(SqlParserPos position) {
    int start = offset(position.getLineNum(), position.getColumnNum());
    int end = offset(position.getEndLineNum(), position.getEndColumnNum()) + 1;
    if (start < 0 || end > sql.length() || start >= end) {
      return null;
    }
    int depth = 0;
    int lowest = 0;
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      char c = sql.charAt(i);
      quoted ^= c == '\'';
      depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
      lowest = Math.min(lowest, depth);
    }
    return depth == 0 && lowest == 0 && !quoted ? sql.substring(start, end) : null;
  }

  private int offset(int line, int column) {
    if (line < 1) {
      return -1;
    }
    int at = 0;
    for (int i = 1; i < line; i++) {
      at = sql.indexOf('\n', at) + 1;
    }
    return at + column - 1;
  }
}

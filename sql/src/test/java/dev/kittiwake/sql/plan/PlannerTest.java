package dev.kittiwake.sql.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kittiwake.sql.catalog.SqlType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What scripts cannot say: types of given values, agreement of the two paths. */
class PlannerTest {
  private final PlanSession session = new PlanSession();
  private final Planner planner = new Planner();

  private List<SqlType> parameters(String sql, SqlType... given) {
    Statement statement = planner.plan(sql, session.catalog(), "public", Arrays.asList(given));
    return ((Statement.Planned) statement).parameters();
  }

  @Test
  void aParameterWithoutContextTakesTheTypeOfTheValue() {
    assertEquals(
        List.of(SqlType.INT, SqlType.BIGINT),
        parameters("select ? + ?", SqlType.INT, SqlType.BIGINT));
    assertEquals(List.of(SqlType.DOUBLE), parameters("select abs(?)", SqlType.DOUBLE));
  }

  @Test
  void aParameterComparedWithAnIntegerKeepsItsDigits() {
    session.load("tpcc-schema.sql");
    SqlType decimal = SqlType.decimal(2, 1);
    String sql = "select w_name from warehouse where w_id = ?";
    assertEquals(List.of(decimal), parameters(sql, decimal));
    assertEquals(List.of(SqlType.INT), parameters(sql, SqlType.BIGINT));
    assertEquals(List.of(SqlType.INT), parameters(sql, (SqlType) null));
  }

  @Test
  void wideDecimalsAreNotCapped() {
    session.run(List.of("create table t (a decimal(38, 10) primary key);"));
    Statement.Query query =
        (Statement.Query)
            planner.plan("select a from t where a = 1", session.catalog(), "public", List.of());
    assertEquals(SqlType.decimal(38, 10), query.columns().get(0).type());
    assertInstanceOf(PhysicalPlan.PointGet.class, query.plan());
  }

  @Test
  void namesMatchWithoutRegardToCaseAndKeepTheirCase() {
    session.run(List.of("create table Mixed (Id int primary key, \"Other Name\" int);"));
    Statement.Query query =
        (Statement.Query)
            planner.plan(
                "SELECT * FROM MIXED WHERE iD = 1", session.catalog(), "PUBLIC", List.of());
    assertEquals(
        List.of("Id", "Other Name"),
        query.columns().stream().map(Statement.ResultColumn::label).toList());
  }
}

package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Every method that eight well-known tools call works: each is called once. */
class CallsOfToolsTest {
  private static final String QUERY = "SELECT A, B FROM T WHERE A = ?";

  @Test
  void everyCallOfTheListWorks() throws Exception {
    List<String> failures = new ArrayList<>();
    List<String> calls = calls();
    for (String call : calls) {
      try (Connection connection = DriverManager.getConnection("jdbc:kittiwake:mem:calls")) {
        prepare(connection);
        String failure = failure(connection, call);
        if (failure != null) {
          failures.add(call + ": " + failure);
        }
      }
    }
    assertEquals(List.of(), failures);
    assertEquals(243, calls.size());
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE T (A INT PRIMARY KEY, B VARCHAR(10))");
      statement.execute("INSERT INTO T VALUES (1, '1')");
    }
  }

  private static List<String> calls() throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                CallsOfToolsTest.class.getResourceAsStream("/calls-of-tools.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  private static String failure(Connection connection, String call) throws Exception {
    Object target = target(connection, call.substring(0, call.indexOf('.')), call);
    Method method = method(target, call);
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(connection, method, i);
    }
    try {
      method.invoke(target, arguments);
      return null;
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static Method method(Object target, String call) {
    String signature = call.substring(call.indexOf('.') + 1);
    Class<?> type = jdbcInterface(call);
    for (Method method : type.getMethods()) {
      String parameters =
          String.join(
              ",", Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList());
      if ((method.getName() + "(" + parameters + ")").equals(signature)) {
        return method;
      }
    }
    throw new IllegalArgumentException("java.sql has no " + call + " in " + target.getClass());
  }

  private static Class<?> jdbcInterface(String call) {
    try {
      return Class.forName("java.sql." + call.substring(0, call.indexOf('.')));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(call, e);
    }
  }

  /** The object that the call is made on, in the state that it needs. */
  private static Object target(Connection connection, String type, String call)
      throws SQLException {
    switch (type) {
      case "Connection":
        if (call.contains("ommit()") || call.contains("ollback") || call.contains("avepoint")) {
          connection.setAutoCommit(false);
        }
        return connection;
      case "DatabaseMetaData":
        return connection.getMetaData();
      case "Statement":
        return connection.createStatement();
      case "PreparedStatement":
        boolean changes = call.contains("Update()") || call.contains("atch()");
        PreparedStatement statement =
            connection.prepareStatement(changes ? "DELETE FROM T WHERE A = ?" : QUERY);
        statement.setInt(1, 1);
        return statement;
      default:
        ResultSet rows = row(connection, call);
        return type.equals("ResultSetMetaData") ? rows.getMetaData() : rows;
    }
  }

  private static ResultSet row(Connection connection, String call) throws SQLException {
    String column = "A";
    if (call.contains("getDate")) {
      column = "DATE '2026-01-01'";
    } else if (call.contains("getTimestamp")) {
      column = "TIMESTAMP '2026-01-01 00:00:00'";
    }
    ResultSet rows = connection.createStatement().executeQuery("SELECT " + column + " AS A FROM T");
    assertTrue(rows.next());
    rows.getObject(1);
    return rows;
  }

  private static Object argument(Connection connection, Method method, int index)
      throws SQLException {
    Class<?> type = method.getParameterTypes()[index];
    String name = method.getName();
    if (type == int.class) {
      return switch (name) {
        case "setTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
        case "prepareStatement" ->
            method.getParameterCount() == 2
                ? Statement.RETURN_GENERATED_KEYS
                : index == 1 ? ResultSet.TYPE_FORWARD_ONLY : ResultSet.CONCUR_READ_ONLY;
        case "setObject" -> index == 0 ? 1 : java.sql.Types.INTEGER;
        case "supportsResultSetType" -> ResultSet.TYPE_FORWARD_ONLY;
        default -> 1;
      };
    }
    if (type == String.class) {
      return switch (name) {
        case "prepareStatement", "nativeSQL" -> QUERY;
        case "execute", "executeQuery" -> "SELECT A FROM T";
        case "executeUpdate" -> "DELETE FROM T";
        case "setSchema" -> "public";
        case "getString", "getInt", "getBoolean" -> "A";
        default -> method.getDeclaringClass() == DatabaseMetaData.class ? null : "x";
      };
    }
    if (type == Savepoint.class) {
      return connection.setSavepoint();
    }
    Map<Class<?>, Object> others =
        Map.of(
            boolean.class,
            true,
            long.class,
            1L,
            BigDecimal.class,
            BigDecimal.ONE,
            Date.class,
            Date.valueOf("2026-01-01"),
            Object.class,
            1,
            Class.class,
            Integer.class,
            Executor.class,
            (Executor) Runnable::run,
            String[].class,
            new String[] {"TABLE"});
    return others.get(type);
  }

  /** Beyond the list: no method of the interfaces fails in a way that JDBC does not know. */
  @Test
  void everyGetterOfTheMetadataAnswersOrRefusesHonestly() throws Exception {
    List<String> failures = new ArrayList<>();
    TreeSet<String> refused = new TreeSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:kittiwake:mem:getters")) {
      prepare(connection);
      DatabaseMetaData metadata = connection.getMetaData();
      for (Method method : DatabaseMetaData.class.getMethods()) {
        if (method.getDeclaringClass() != DatabaseMetaData.class) {
          continue;
        }
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = argument(connection, method, i);
        }
        try {
          method.invoke(metadata, arguments);
        } catch (InvocationTargetException e) {
          if (e.getCause() instanceof SQLFeatureNotSupportedException) {
            refused.add(method.getName());
          } else {
            failures.add(method + ": " + e.getCause());
          }
        }
      }
    }
    assertEquals(List.of(), failures);
    assertEquals(new TreeSet<>(), refused);
  }
}

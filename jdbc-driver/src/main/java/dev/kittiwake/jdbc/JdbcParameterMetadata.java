package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;

/** Parameters of a statement as the session inferred them. Immutable. */
final class JdbcParameterMetadata implements ParameterMetaData {
  private final List<ColumnDescription> parameters;

  JdbcParameterMetadata(List<ColumnDescription> parameters) {
    this.parameters = parameters;
  }

  private ColumnDescription parameter(int parameter) throws SQLException {
    if (parameter < 1 || parameter > parameters.size()) {
      throw SQLExceptions.of(
          SQLExceptions.INVALID_INDEX,
          "parameter " + parameter + " does not exist; the statement has " + parameters.size());
    }
    return parameters.get(parameter - 1);
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int isNullable(int parameter) throws SQLException {
    return parameter(parameter).nullable() ? parameterNullable : parameterNoNulls;
  }

  @Override
  public boolean isSigned(int parameter) throws SQLException {
    return JdbcTypes.isNumeric(parameter(parameter).type());
  }

  @Override
  public int getPrecision(int parameter) throws SQLException {
    ColumnDescription described = parameter(parameter);
    return JdbcTypes.precision(described.type(), described.precision());
  }

  @Override
  public int getScale(int parameter) throws SQLException {
    return parameter(parameter).scale();
  }

  @Override
  public int getParameterType(int parameter) throws SQLException {
    return parameter(parameter).type().getVendorTypeNumber();
  }

  @Override
  public String getParameterTypeName(int parameter) throws SQLException {
    return parameter(parameter).typeName();
  }

  @Override
  public String getParameterClassName(int parameter) throws SQLException {
    return JdbcTypes.javaClass(parameter(parameter).type()).getName();
  }

  @Override
  public int getParameterMode(int parameter) throws SQLException {
    parameter(parameter);
    return parameterModeIn;
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}

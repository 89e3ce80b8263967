package dev.kittiwake.jdbc;

import dev.kittiwake.sql.CatalogView;
import dev.kittiwake.sql.ColumnDescription;
import dev.kittiwake.sql.IndexDescription;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.TableDescription;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Metadata of one connection: the tables as they are committed now. There are no catalogs: a filter
 * by catalog takes null, the empty name and {@code %}, and finds nothing else.
 */
final class JdbcDatabaseMetadata extends FixedMetadata {
  private final JdbcConnection connection;

  JdbcDatabaseMetadata(JdbcConnection connection) {
    this.connection = connection;
  }

  private CatalogView catalog() throws SQLException {
    connection.lock();
    try {
      connection.checkOpen();
      connection.detachOpenRows();
      return connection.session().catalog();
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } finally {
      connection.unlock();
    }
  }

  private static boolean isNoCatalog(String catalog) {
    return catalog == null || catalog.isEmpty() || catalog.equals("%");
  }

  /** Tables whose schema and name match patterns. */
  private List<TableDescription> tables(String catalog, String schema, String name)
      throws SQLException {
    NamePattern schemas = new NamePattern(schema);
    NamePattern names = new NamePattern(name);
    List<TableDescription> found = new ArrayList<>();
    for (TableDescription table : isNoCatalog(catalog) ? catalog().tables(null) : noTables()) {
      if (schemas.matches(table.schema()) && names.matches(table.name())) {
        found.add(table);
      }
    }
    return found;
  }

  private static List<TableDescription> noTables() {
    return List.of();
  }

  /** The tables called {@code name}, no pattern; in {@code schema}, or in the current one. */
  private List<TableDescription> exactly(String catalog, String schema, String name)
      throws SQLException {
    if (!isNoCatalog(catalog) || name == null) {
      return List.of();
    }
    CatalogView view = catalog();
    List<TableDescription> found = new ArrayList<>();
    for (TableDescription table : view.tables(null)) {
      if (table.name().equalsIgnoreCase(name)
          && (schema == null || schema.isEmpty() || table.schema().equalsIgnoreCase(schema))) {
        found.add(table);
      }
    }
    return found;
  }

  @Override
  public ResultSet getTables(String catalog, String schema, String name, String[] types)
      throws SQLException {
    MetadataRows rows =
        new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "TABLE_TYPE:s",
            "REMARKS:s",
            "TYPE_CAT:s",
            "TYPE_SCHEM:s",
            "TYPE_NAME:s",
            "SELF_REFERENCING_COL_NAME:s",
            "REF_GENERATION:s");
    Set<String> wanted = types == null ? null : upperCase(types);
    for (TableDescription table : tables(catalog, schema, name)) {
      if (wanted == null || wanted.contains(table.kind())) {
        rows.add(
            null, table.schema(), table.name(), table.kind(), null, null, null, null, null, null);
      }
    }
    return rows.sortedBy(3, 1, 2).resultSet();
  }

  private static Set<String> upperCase(String[] types) {
    Set<String> upper = new java.util.TreeSet<>();
    for (String type : types) {
      if (type != null) {
        upper.add(type.toUpperCase(Locale.ROOT));
      }
    }
    return upper;
  }

  @Override
  public ResultSet getColumns(String catalog, String schema, String table, String column)
      throws SQLException {
    MetadataRows rows =
        new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "COLUMN_NAME:s",
            "DATA_TYPE:i",
            "TYPE_NAME:s",
            "COLUMN_SIZE:i",
            "BUFFER_LENGTH:i",
            "DECIMAL_DIGITS:i",
            "NUM_PREC_RADIX:i",
            "NULLABLE:i",
            "REMARKS:s",
            "COLUMN_DEF:s",
            "SQL_DATA_TYPE:i",
            "SQL_DATETIME_SUB:i",
            "CHAR_OCTET_LENGTH:i",
            "ORDINAL_POSITION:i",
            "IS_NULLABLE:s",
            "SCOPE_CATALOG:s",
            "SCOPE_SCHEMA:s",
            "SCOPE_TABLE:s",
            "SOURCE_DATA_TYPE:h",
            "IS_AUTOINCREMENT:s",
            "IS_GENERATEDCOLUMN:s");
    NamePattern names = new NamePattern(column);
    for (TableDescription found : tables(catalog, schema, table)) {
      for (int i = 0; i < found.columns().size(); i++) {
        if (names.matches(found.columns().get(i).name())) {
          addColumn(rows, found, found.columns().get(i), i + 1);
        }
      }
    }
    return rows.sortedBy(1, 2, 16).resultSet();
  }

  private static void addColumn(
      MetadataRows rows, TableDescription table, ColumnDescription column, int position) {
    JDBCType type = column.type();
    int size = JdbcTypes.precision(type, column.precision());
    boolean exact = JdbcTypes.isNumeric(type) && type != JDBCType.DOUBLE && type != JDBCType.REAL;
    rows.add(
        null,
        table.schema(),
        table.name(),
        column.name(),
        type.getVendorTypeNumber(),
        column.typeName(),
        size,
        null,
        exact || type == JDBCType.TIMESTAMP || type == JDBCType.TIME ? column.scale() : null,
        JdbcTypes.isNumeric(type) ? 10 : null,
        column.nullable() ? columnNullable : columnNoNulls,
        null,
        column.defaultText(),
        null,
        null,
        JdbcTypes.isText(type) ? octets(size) : null,
        position,
        column.nullable() ? "YES" : "NO",
        null,
        null,
        null,
        null,
        column.autoIncrement() ? "YES" : "NO",
        "NO");
  }

  /** Bytes that so many characters of UTF-8 take at most. */
  private static int octets(int characters) {
    return (int) Math.min(Integer.MAX_VALUE, 4L * characters);
  }

  @Override
  public ResultSet getPrimaryKeys(String catalog, String schema, String table) throws SQLException {
    MetadataRows rows =
        new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "COLUMN_NAME:s",
            "KEY_SEQ:h",
            "PK_NAME:s");
    for (TableDescription found : exactly(catalog, schema, table)) {
      for (int i = 0; i < found.primaryKey().size(); i++) {
        rows.add(
            null,
            found.schema(),
            found.name(),
            found.primaryKey().get(i),
            (short) (i + 1),
            found.primaryKeyName());
      }
    }
    return rows.sortedBy(3).resultSet();
  }

  @Override
  public ResultSet getIndexInfo(
      String catalog, String schema, String table, boolean unique, boolean approximate)
      throws SQLException {
    MetadataRows rows =
        new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "NON_UNIQUE:b",
            "INDEX_QUALIFIER:s",
            "INDEX_NAME:s",
            "TYPE:h",
            "ORDINAL_POSITION:h",
            "COLUMN_NAME:s",
            "ASC_OR_DESC:s",
            "CARDINALITY:l",
            "PAGES:l",
            "FILTER_CONDITION:s");
    for (TableDescription found : exactly(catalog, schema, table)) {
      List<IndexDescription> indexes = new ArrayList<>(found.indexes());
      if (!found.primaryKey().isEmpty()) {
        indexes.add(new IndexDescription(found.primaryKeyName(), true, found.primaryKey()));
      }
      for (IndexDescription index : indexes) {
        if (index.unique() || !unique) {
          addIndex(rows, found, index);
        }
      }
    }
    return rows.sortedBy(3, 6, 5, 7).resultSet();
  }

  private static void addIndex(MetadataRows rows, TableDescription table, IndexDescription index) {
    for (int i = 0; i < index.columns().size(); i++) {
      rows.add(
          null,
          table.schema(),
          table.name(),
          !index.unique(),
          null,
          index.name(),
          tableIndexOther,
          (short) (i + 1),
          index.columns().get(i),
          "A",
          0L,
          0L,
          null);
    }
  }

  @Override
  public ResultSet getBestRowIdentifier(
      String catalog, String schema, String table, int scope, boolean nullable)
      throws SQLException {
    MetadataRows rows =
        new MetadataRows(
            "SCOPE:h",
            "COLUMN_NAME:s",
            "DATA_TYPE:i",
            "TYPE_NAME:s",
            "COLUMN_SIZE:i",
            "BUFFER_LENGTH:i",
            "DECIMAL_DIGITS:h",
            "PSEUDO_COLUMN:h");
    for (TableDescription found : exactly(catalog, schema, table)) {
      for (ColumnDescription column : found.columns()) {
        if (found.primaryKey().stream().anyMatch(column.name()::equalsIgnoreCase)) {
          rows.add(
              (short) bestRowSession,
              column.name(),
              column.type().getVendorTypeNumber(),
              column.typeName(),
              JdbcTypes.precision(column.type(), column.precision()),
              null,
              (short) column.scale(),
              (short) bestRowNotPseudo);
        }
      }
    }
    return rows.resultSet();
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(String catalog, String pattern) throws SQLException {
    MetadataRows rows = new MetadataRows("TABLE_SCHEM:s", "TABLE_CATALOG:s");
    NamePattern names = new NamePattern(pattern);
    if (isNoCatalog(catalog)) {
      for (String schema : catalog().schemas()) {
        if (names.matches(schema)) {
          rows.add(schema, null);
        }
      }
    }
    return rows.sortedBy(0).resultSet();
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    connection.checkOpen();
    return new MetadataRows("TABLE_CAT:s").resultSet();
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    connection.checkOpen();
    return new MetadataRows("TABLE_TYPE:s").add("SYSTEM TABLE").add("TABLE").resultSet();
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    connection.checkOpen();
    return SupportedTypes.resultSet();
  }

  @Override
  public ResultSet getImportedKeys(String catalog, String schema, String table)
      throws SQLException {
    return AbsentFeatures.foreignKeys();
  }

  @Override
  public ResultSet getExportedKeys(String catalog, String schema, String table)
      throws SQLException {
    return AbsentFeatures.foreignKeys();
  }

  @Override
  public ResultSet getCrossReference(
      String parentCatalog,
      String parentSchema,
      String parentTable,
      String foreignCatalog,
      String foreignSchema,
      String foreignTable)
      throws SQLException {
    return AbsentFeatures.foreignKeys();
  }

  @Override
  public ResultSet getVersionColumns(String catalog, String schema, String table)
      throws SQLException {
    return AbsentFeatures.versionColumns();
  }

  @Override
  public ResultSet getProcedures(String catalog, String schema, String name) throws SQLException {
    return AbsentFeatures.procedures();
  }

  @Override
  public ResultSet getProcedureColumns(String catalog, String schema, String name, String column)
      throws SQLException {
    return AbsentFeatures.procedureColumns();
  }

  @Override
  public ResultSet getFunctions(String catalog, String schema, String name) throws SQLException {
    return AbsentFeatures.functions();
  }

  @Override
  public ResultSet getFunctionColumns(String catalog, String schema, String name, String column)
      throws SQLException {
    return AbsentFeatures.functionColumns();
  }

  @Override
  public ResultSet getColumnPrivileges(String catalog, String schema, String table, String column)
      throws SQLException {
    return AbsentFeatures.columnPrivileges();
  }

  @Override
  public ResultSet getTablePrivileges(String catalog, String schema, String table)
      throws SQLException {
    return AbsentFeatures.tablePrivileges();
  }

  @Override
  public ResultSet getUDTs(String catalog, String schema, String name, int[] types)
      throws SQLException {
    return AbsentFeatures.userTypes();
  }

  @Override
  public ResultSet getSuperTypes(String catalog, String schema, String name) throws SQLException {
    return AbsentFeatures.superTypes();
  }

  @Override
  public ResultSet getSuperTables(String catalog, String schema, String table) throws SQLException {
    return AbsentFeatures.superTables();
  }

  @Override
  public ResultSet getAttributes(String catalog, String schema, String type, String attribute)
      throws SQLException {
    return AbsentFeatures.attributes();
  }

  @Override
  public ResultSet getPseudoColumns(String catalog, String schema, String table, String column)
      throws SQLException {
    return AbsentFeatures.pseudoColumns();
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    return new MetadataRows("NAME:s", "MAX_LEN:i", "DEFAULT_VALUE:s", "DESCRIPTION:s")
        .add("ApplicationName", 0, null, "name of the program; kept in the connection")
        .add("ClientHostname", 0, null, "host of the program; kept in the connection")
        .add("ClientUser", 0, null, "user of the program; kept in the connection")
        .resultSet();
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public String getURL() {
    return connection.settings().url();
  }

  @Override
  public String getUserName() {
    return connection.settings().user();
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public String getDatabaseProductName() {
    String name = connection.settings().productName();
    return name.isEmpty() ? DriverVersion.PRODUCT : name;
  }

  @Override
  public String getDatabaseProductVersion() {
    return DriverVersion.TEXT;
  }

  @Override
  public int getDatabaseMajorVersion() {
    return DriverVersion.MAJOR;
  }

  @Override
  public int getDatabaseMinorVersion() {
    return DriverVersion.MINOR;
  }

  @Override
  public String getDriverName() {
    return DriverVersion.DRIVER;
  }

  @Override
  public String getDriverVersion() {
    return DriverVersion.TEXT;
  }

  @Override
  public int getDriverMajorVersion() {
    return DriverVersion.MAJOR;
  }

  @Override
  public int getDriverMinorVersion() {
    return DriverVersion.MINOR;
  }
}

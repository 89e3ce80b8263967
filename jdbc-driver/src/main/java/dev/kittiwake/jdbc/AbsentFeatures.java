package dev.kittiwake.jdbc;

import java.sql.ResultSet;

/**
 * Results of metadata calls about what a Kittiwake database does not have: no rows, with the
 * columns that JDBC wants.
 */
final class AbsentFeatures {
  private AbsentFeatures() {}

  /** Foreign keys: of all three calls. */
  static ResultSet foreignKeys() {
    return new MetadataRows(
            "PKTABLE_CAT:s",
            "PKTABLE_SCHEM:s",
            "PKTABLE_NAME:s",
            "PKCOLUMN_NAME:s",
            "FKTABLE_CAT:s",
            "FKTABLE_SCHEM:s",
            "FKTABLE_NAME:s",
            "FKCOLUMN_NAME:s",
            "KEY_SEQ:h",
            "UPDATE_RULE:h",
            "DELETE_RULE:h",
            "FK_NAME:s",
            "PK_NAME:s",
            "DEFERRABILITY:h")
        .resultSet();
  }

  static ResultSet versionColumns() {
    return new MetadataRows(
            "SCOPE:h",
            "COLUMN_NAME:s",
            "DATA_TYPE:i",
            "TYPE_NAME:s",
            "COLUMN_SIZE:i",
            "BUFFER_LENGTH:i",
            "DECIMAL_DIGITS:h",
            "PSEUDO_COLUMN:h")
        .resultSet();
  }

  static ResultSet procedures() {
    return new MetadataRows(
            "PROCEDURE_CAT:s",
            "PROCEDURE_SCHEM:s",
            "PROCEDURE_NAME:s",
            "RESERVED1:s",
            "RESERVED2:s",
            "RESERVED3:s",
            "REMARKS:s",
            "PROCEDURE_TYPE:h",
            "SPECIFIC_NAME:s")
        .resultSet();
  }

  static ResultSet procedureColumns() {
    return new MetadataRows(
            "PROCEDURE_CAT:s",
            "PROCEDURE_SCHEM:s",
            "PROCEDURE_NAME:s",
            "COLUMN_NAME:s",
            "COLUMN_TYPE:h",
            "DATA_TYPE:i",
            "TYPE_NAME:s",
            "PRECISION:i",
            "LENGTH:i",
            "SCALE:h",
            "RADIX:h",
            "NULLABLE:h",
            "REMARKS:s",
            "COLUMN_DEF:s",
            "SQL_DATA_TYPE:i",
            "SQL_DATETIME_SUB:i",
            "CHAR_OCTET_LENGTH:i",
            "ORDINAL_POSITION:i",
            "IS_NULLABLE:s",
            "SPECIFIC_NAME:s")
        .resultSet();
  }

  static ResultSet functions() {
    return new MetadataRows(
            "FUNCTION_CAT:s",
            "FUNCTION_SCHEM:s",
            "FUNCTION_NAME:s",
            "REMARKS:s",
            "FUNCTION_TYPE:h",
            "SPECIFIC_NAME:s")
        .resultSet();
  }

  static ResultSet functionColumns() {
    return new MetadataRows(
            "FUNCTION_CAT:s",
            "FUNCTION_SCHEM:s",
            "FUNCTION_NAME:s",
            "COLUMN_NAME:s",
            "COLUMN_TYPE:h",
            "DATA_TYPE:i",
            "TYPE_NAME:s",
            "PRECISION:i",
            "LENGTH:i",
            "SCALE:h",
            "RADIX:h",
            "NULLABLE:h",
            "REMARKS:s",
            "CHAR_OCTET_LENGTH:i",
            "ORDINAL_POSITION:i",
            "IS_NULLABLE:s",
            "SPECIFIC_NAME:s")
        .resultSet();
  }

  static ResultSet columnPrivileges() {
    return new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "COLUMN_NAME:s",
            "GRANTOR:s",
            "GRANTEE:s",
            "PRIVILEGE:s",
            "IS_GRANTABLE:s")
        .resultSet();
  }

  static ResultSet tablePrivileges() {
    return new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "GRANTOR:s",
            "GRANTEE:s",
            "PRIVILEGE:s",
            "IS_GRANTABLE:s")
        .resultSet();
  }

  static ResultSet userTypes() {
    return new MetadataRows(
            "TYPE_CAT:s",
            "TYPE_SCHEM:s",
            "TYPE_NAME:s",
            "CLASS_NAME:s",
            "DATA_TYPE:i",
            "REMARKS:s",
            "BASE_TYPE:h")
        .resultSet();
  }

  static ResultSet superTypes() {
    return new MetadataRows(
            "TYPE_CAT:s",
            "TYPE_SCHEM:s",
            "TYPE_NAME:s",
            "SUPERTYPE_CAT:s",
            "SUPERTYPE_SCHEM:s",
            "SUPERTYPE_NAME:s")
        .resultSet();
  }

  static ResultSet superTables() {
    return new MetadataRows("TABLE_CAT:s", "TABLE_SCHEM:s", "TABLE_NAME:s", "SUPERTABLE_NAME:s")
        .resultSet();
  }

  static ResultSet attributes() {
    return new MetadataRows(
            "TYPE_CAT:s",
            "TYPE_SCHEM:s",
            "TYPE_NAME:s",
            "ATTR_NAME:s",
            "DATA_TYPE:i",
            "ATTR_TYPE_NAME:s",
            "ATTR_SIZE:i",
            "DECIMAL_DIGITS:i",
            "NUM_PREC_RADIX:i",
            "NULLABLE:i",
            "REMARKS:s",
            "ATTR_DEF:s",
            "SQL_DATA_TYPE:i",
            "SQL_DATETIME_SUB:i",
            "CHAR_OCTET_LENGTH:i",
            "ORDINAL_POSITION:i",
            "IS_NULLABLE:s",
            "SCOPE_CATALOG:s",
            "SCOPE_SCHEMA:s",
            "SCOPE_TABLE:s",
            "SOURCE_DATA_TYPE:h")
        .resultSet();
  }

  static ResultSet pseudoColumns() {
    return new MetadataRows(
            "TABLE_CAT:s",
            "TABLE_SCHEM:s",
            "TABLE_NAME:s",
            "COLUMN_NAME:s",
            "DATA_TYPE:i",
            "COLUMN_SIZE:i",
            "DECIMAL_DIGITS:i",
            "NUM_PREC_RADIX:i",
            "COLUMN_USAGE:s",
            "REMARKS:s",
            "CHAR_OCTET_LENGTH:i",
            "IS_NULLABLE:s")
        .resultSet();
  }
}

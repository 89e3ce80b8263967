/**
 * How rows and index entries become keys and values: TiDB's layout, so that tools which know it can
 * read our data. Pure functions over bytes.
 *
 * <pre>
 * t{table}_r{handle}                    → row, format v2 ({@link dev.kittiwake.sql.row.RowCodec})
 * t{table}_i{index}{columns}            → handle, for a unique index without NULL in its columns
 * t{table}_i{index}{columns}{handle}    → '0', for all others
 * </pre>
 *
 * Table and index ids are 8 bytes big-endian with the sign flipped ({@link
 * dev.kittiwake.sql.row.TableKeys}). A handle is 8 such bytes if the primary key is one integer
 * column or the table has none (then it is a hidden row id); otherwise the key columns as
 * memcomparable datums ({@link dev.kittiwake.sql.row.DatumCodec}). Key columns are not repeated in
 * the row.
 *
 * <p>Values inside the engine: {@code Long} for every integer type, {@code Boolean}, {@code
 * BigDecimal}, {@code Double}, {@code String}, {@code byte[]}, {@code LocalDate}, {@code
 * LocalTime}, {@code LocalDateTime}, null.
 *
 * <p>CHAR: trailing blanks mean nothing. They are cut when a value is stored, and comparisons with
 * a CHAR column ignore them; results are not padded. So a key column of type CHAR is complete in
 * the key. VARCHAR keeps every blank.
 */
package dev.kittiwake.sql.row;

package dev.kittiwake.sql.row;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * Dates and times as TiDB packs them: {@code (year*13 + month) << 46 | day << 41 | hour << 36 |
 * minute << 30 | second << 24 | microsecond}, which sorts by time; a time of day is nanoseconds.
 */
final class TimeCodec {
  private static final long DAY_MASK = (1L << 41) - 1;

  private TimeCodec() {}

  static long pack(LocalDateTime value) {
    return pack(value.toLocalDate())
        | (long) value.getHour() << 36
        | (long) value.getMinute() << 30
        | (long) value.getSecond() << 24
        | value.getNano() / 1000;
  }

  static long pack(LocalDate value) {
    return (value.getYear() * 13L + value.getMonthValue()) << 46
        | (long) value.getDayOfMonth() << 41;
  }

  static LocalDate date(long packed) {
    long yearMonth = packed >>> 46;
    return LocalDate.of(
        (int) (yearMonth / 13), (int) (yearMonth % 13), (int) (packed >>> 41) & 0x1F);
  }

  static LocalDateTime dateTime(long packed) {
    long time = packed & DAY_MASK;
    return LocalDateTime.of(
        date(packed),
        LocalTime.of(
            (int) (time >>> 36),
            (int) (time >>> 30) & 0x3F,
            (int) (time >>> 24) & 0x3F,
            (int) (time & 0xFFFFFF) * 1000));
  }

  static long pack(LocalTime value) {
    return value.toNanoOfDay();
  }

  static LocalTime time(long nanos) {
    return LocalTime.ofNanoOfDay(nanos);
  }
}

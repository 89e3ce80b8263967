package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.Temporal;
import org.apache.calcite.avatica.util.TimeUnitRange;

/** EXTRACT, date arithmetic and rounding. Intervals are months or milliseconds, as {@code Long}. */
final class TimeFunctions {
  private TimeFunctions() {}

  static long extract(TimeUnitRange unit, Object value) {
    if (value instanceof Long interval) {
      return extractInterval(unit, interval);
    }
    LocalDateTime time = timestamp(value);
    return switch (unit) {
      case YEAR, ISOYEAR -> time.getYear();
      case QUARTER -> time.get(IsoFields.QUARTER_OF_YEAR);
      case MONTH -> time.getMonthValue();
      case WEEK -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case DAY -> time.getDayOfMonth();
      case DOW -> time.getDayOfWeek().getValue() % 7 + 1L; // Sunday is 1
      case ISODOW -> time.getDayOfWeek().getValue();
      case DOY -> time.getDayOfYear();
      case HOUR -> time.getHour();
      case MINUTE -> time.getMinute();
      case SECOND -> time.getSecond();
      case MILLISECOND -> time.getSecond() * 1000L + time.getNano() / 1_000_000;
      case MICROSECOND -> time.getSecond() * 1_000_000L + time.getNano() / 1000;
      case EPOCH -> time.toEpochSecond(java.time.ZoneOffset.UTC);
      case CENTURY -> (time.getYear() + 99L) / 100;
      case DECADE -> time.getYear() / 10;
      case MILLENNIUM -> (time.getYear() + 999L) / 1000;
      default ->
          throw SqlError.of(SqlStates.NOT_SUPPORTED, "EXTRACT of " + unit + " is not supported");
    };
  }

  private static long extractInterval(TimeUnitRange unit, long interval) {
    return switch (unit) {
      case YEAR -> interval / 12;
      case MONTH -> interval % 12;
      case DAY -> interval / 86_400_000;
      case HOUR -> interval / 3_600_000 % 24;
      case MINUTE -> interval / 60_000 % 60;
      case SECOND -> interval / 1000 % 60;
      default ->
          throw SqlError.of(
              SqlStates.NOT_SUPPORTED, "EXTRACT of " + unit + " from an interval is not supported");
    };
  }

  static LocalDateTime timestamp(Object value) {
    if (value instanceof LocalDateTime time) {
      return time;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    return ((LocalTime) value).atDate(LocalDate.EPOCH);
  }

  /** {@code value + interval}. */
  static Object plus(Object value, long interval, boolean months) {
    try {
      if (value instanceof LocalTime time) {
        return time.plus(Duration.ofMillis(interval));
      }
      if (value instanceof LocalDate date) {
        return months
            ? date.plus(Period.ofMonths(Math.toIntExact(interval)))
            : date.plusDays(Math.floorDiv(interval, 86_400_000L));
      }
      LocalDateTime time = (LocalDateTime) value;
      return months ? time.plusMonths(interval) : time.plus(Duration.ofMillis(interval));
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw SqlError.of("22008", "a date plus an interval is out of range", e);
    }
  }

  /** {@code later - earlier} as an interval. */
  static long minus(Object later, Object earlier, boolean months) {
    LocalDateTime to = timestamp(later);
    LocalDateTime from = timestamp(earlier);
    return months ? ChronoUnit.MONTHS.between(from, to) : ChronoUnit.MILLIS.between(from, to);
  }

  /** FLOOR and CEIL of a time to a unit. */
  static Object round(Object value, TimeUnitRange unit, boolean up) {
    LocalDateTime time = timestamp(value);
    LocalDateTime floor =
        switch (unit) {
          case YEAR -> time.toLocalDate().withDayOfYear(1).atStartOfDay();
          case QUARTER ->
              time.toLocalDate()
                  .withMonth((time.getMonthValue() - 1) / 3 * 3 + 1)
                  .withDayOfMonth(1)
                  .atStartOfDay();
          case MONTH -> time.toLocalDate().withDayOfMonth(1).atStartOfDay();
          case DAY -> time.truncatedTo(ChronoUnit.DAYS);
          case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
          case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES);
          case SECOND -> time.truncatedTo(ChronoUnit.SECONDS);
          default ->
              throw SqlError.of(
                  SqlStates.NOT_SUPPORTED, "rounding to " + unit + " is not supported");
        };
    LocalDateTime result = !up || floor.equals(time) ? floor : next(floor, unit);
    Temporal same =
        value instanceof LocalDate
            ? result.toLocalDate()
            : value instanceof LocalTime ? result.toLocalTime() : result;
    return same;
  }

  private static LocalDateTime next(LocalDateTime floor, TimeUnitRange unit) {
    return switch (unit) {
      case YEAR -> floor.plusYears(1);
      case QUARTER -> floor.plusMonths(3);
      case MONTH -> floor.plusMonths(1);
      case DAY -> floor.plusDays(1);
      case HOUR -> floor.plusHours(1);
      case MINUTE -> floor.plusMinutes(1);
      default -> floor.plusSeconds(1);
    };
  }
}

package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;

/**
 * Calcite's part of planning one statement: validate, to relations, rewrite, choose. Used once.
 * Nothing here compiles Java at run time: metadata handlers are called by proxies, expressions stay
 * trees.
 */
final class RelPlanner {
  private static final int MAX_REORDERED_JOINS = 4;

  private final String sql;
  private final CatalogSchemas schemas;
  private final String schema;
  private final RelDataTypeFactory factory = Types.factory();
  private final CalciteCatalogReader reader;
  private final KittiwakeValidator validator;
  private SqlNode validated; // null before validate()

  RelPlanner(String sql, CatalogSchemas schemas, String schema, List<SqlType> parameterTypes) {
    this.sql = sql;
    this.schemas = schemas;
    this.schema = schema;
    this.reader = schemas.reader(schema, factory);
    this.validator =
        new KittiwakeValidator(
            Functions.TABLE,
            reader,
            factory,
            SqlValidator.Config.DEFAULT
                .withConformance(KittiwakeConformance.INSTANCE)
                .withDefaultNullCollation(NullCollation.LOW)
                .withIdentifierExpansion(true)
                .withTypeCoercionEnabled(true),
            parameterTypes);
  }

  /** The statement as relations, rewritten; its types are known from now on. */
  RelRoot toRelations(SqlNode statement) {
    try {
      validated = validator.validate(statement);
    } catch (CalciteContextException e) {
      throw ValidationErrors.describe(sql, e, schemas.catalog(), schema);
    }
    VolcanoPlanner volcano = new VolcanoPlanner(Contexts.empty());
    volcano.addRelTraitDef(ConventionTraitDef.INSTANCE);
    volcano.addRelTraitDef(RelCollationTraitDef.INSTANCE);
    RelOptCluster cluster = RelOptCluster.create(volcano, new RexBuilder(factory));
    MetadataHandlers handlers = new MetadataHandlers();
    cluster.setMetadataQuerySupplier(() -> new RelMetadataQuery(handlers));
    SqlToRelConverter.Config config =
        SqlToRelConverter.config()
            .withExpand(false)
            .withInSubQueryThreshold(Integer.MAX_VALUE)
            .withRemoveSortInSubQuery(false)
            .withTrimUnusedFields(false)
            // merging projections loses track of subqueries in the select list
            .withRelBuilderConfigTransform(c -> c.withBloat(-1));
    SqlToRelConverter converter =
        new SqlToRelConverter(
            (type, query, path, viewPath) -> {
              throw SqlError.of(SqlStates.NOT_SUPPORTED, "views are not supported");
            },
            validator,
            reader,
            cluster,
            StandardConvertletTable.INSTANCE,
            config);
    return converter.convertQuery(validated, false, true);
  }

  /** The row type of the validated query, with the names the user sees. */
  RelDataType resultType() {
    return validator.getValidatedNodeType(validated);
  }

  /** What the user sees above each result column. */
  List<String> labels() {
    return new ColumnLabels(sql).of(validated, resultType());
  }

  /** Where each result column comes from: schema, table, column; null for expressions. */
  List<List<String>> origins() {
    return validator.getFieldOrigins(validated);
  }

  /** The types of the parameters. */
  List<SqlType> parameters() {
    return validator.getParameterRowType(validated).getFieldList().stream()
        .map(f -> Types.of(f.getType()))
        .toList();
  }

  /** The cheapest executable form. */
  static RelNode optimize(RelNode logical) {
    return optimize(logical, read -> false);
  }

  /**
   * As above.
   *
   * @param locked reads whose rows are going to be locked: they must be read by a scan or get, not
   *     by a lookup join
   */
  static RelNode optimize(RelNode logical, Predicate<TableRead> locked) {
    Unsupported.check(logical);
    RelNode best = best(LogicalRewrite.apply(logical, false), locked);
    if (looksUpByKey(best)) {
      return best;
    }
    logical.getCluster().getPlanner().clear();
    logical.getCluster().invalidateMetadataQuery();
    return best(LogicalRewrite.apply(logical, true), locked);
  }

  /** Whether what is run for each row of something else never reads a whole table. */
  private static boolean looksUpByKey(RelNode root) {
    boolean[] byKey = {true};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof Correlate correlate) {
          byKey[0] &= !readsAll(correlate.getRight());
        }
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return byKey[0];
  }

  private static boolean readsAll(RelNode root) {
    boolean[] all = {false};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        all[0] |= node instanceof KvAccess access && access.path().readsAll();
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return all[0];
  }

  private static RelNode best(RelNode rewritten, Predicate<TableRead> locked) {
    RelOptPlanner volcano = rewritten.getCluster().getPlanner();
    KvRules.all(joins(rewritten) <= MAX_REORDERED_JOINS, locked).forEach(volcano::addRule);
    volcano.setRoot(volcano.changeTraits(rewritten, KvRel.traits(rewritten)));
    try {
      return volcano.findBestExp();
    } catch (RelOptPlanner.CannotPlanException e) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED, "the statement uses SQL that is not supported yet", e);
    }
  }

  private static int joins(RelNode root) {
    int[] count = {0};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        count[0] += node instanceof Join ? 1 : 0;
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return count[0];
  }
}

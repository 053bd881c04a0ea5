package io.cairn.server.dynamodb.difference;

import io.cairn.kv.TableDefinition;
import java.util.List;

/// What is asked from empty tables on.
///
/// @param name for people
/// @param tables that it uses
/// @param own whether the history makes these tables itself, to alter and drop them; else they stand all the time
/// @param modelled the tables as the model has them; none where it is not asked
record History(String name, List<TableShape> tables, boolean own, List<TableDefinition> modelled, List<Question> questions) {
    History with(List<Question> others) {
        return new History(name, tables, own, modelled, others);
    }
}

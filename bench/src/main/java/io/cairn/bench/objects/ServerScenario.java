package io.cairn.bench.objects;

import io.cairn.bench.match.Scenario;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.util.List;

/// What the lines about servers have in common.
abstract class ServerScenario implements Scenario<ObjectServer> {
    private final String id;
    private final String title;
    private final Unit unit;
    private final List<Goal> goals;

    ServerScenario(String id, String title, Unit unit, List<Goal> goals) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.goals = goals;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<Goal> goals() {
        return goals;
    }
}

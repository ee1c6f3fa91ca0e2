"""HiGHS behind one small door: the same options everywhere, so that the same input gives the same answer.

One thread, fixed seed, simplex with the tightest tolerances (interior point without crossover leaves it open which
rows are tight: design paper, pitfall 2), and limits counted in nodes, never in seconds.

Source: HiGHS (Huangfu and Hall, Mathematical Programming Computation 10, 2018), MIT licence. Why one door: the answer
must not depend on who asks. Cost: none of its own. Rejected: commercial solvers, and limits in seconds (a slow machine
would get another answer).
"""

from __future__ import annotations

from math import inf
from typing import Any, Final

import numpy as np

from becontree.methods.sortition.pool import Floats, Kinds

INFINITE: Final = inf  # as HiGHS has it


class Program:
    """A linear or integer programme over columns with bounds and rows with ranges, kept warm between solves."""

    def __init__(
        self,
        cost: Floats,
        lower: Floats,
        upper: Floats,
        rows: Floats,
        row_lower: Floats,
        row_upper: Floats,
        *,
        integer: bool = False,
        nodes: int = 200_000,
    ) -> None:
        import highspy  # late: who only reads a pool need not wait for it

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(cost), len(row_lower)
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_, model.row_upper_ = row_lower, row_upper
        columns, indices = np.nonzero(rows.T)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(columns, np.arange(len(cost) + 1)).astype(np.int32)
        model.a_matrix_.index_ = indices.astype(np.int32)
        model.a_matrix_.value_ = rows.T[columns, indices]
        model.sense_ = highspy.ObjSense.kMaximize
        if integer:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("solver", "choose" if integer else "simplex"),
            ("primal_feasibility_tolerance", 1e-9 if integer else 1e-10),
            ("dual_feasibility_tolerance", 1e-10),
            ("mip_max_nodes", nodes),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-7),
            ("mip_feasibility_tolerance", 1e-7),
        ):
            self.solver.setOptionValue(name, value)
        self.solver.passModel(model)
        self._status = highspy.HighsModelStatus

    def solve(self) -> bool:
        """Whether a best solution was found (False: infeasible or out of nodes, see `infeasible`)."""
        self.solver.run()
        return bool(self.solver.getModelStatus() == self._status.kOptimal)

    @property
    def infeasible(self) -> bool:
        return self.solver.getModelStatus() in (
            self._status.kInfeasible,
            self._status.kUnboundedOrInfeasible,
        )

    @property
    def value(self) -> float:
        return float(self.solver.getInfo().objective_function_value)

    @property
    def best_bound(self) -> float:
        return float(self.solver.getInfo().mip_dual_bound)

    def solution(self) -> tuple[Floats, Floats, Floats]:
        """Columns, reduced costs of columns, duals of rows."""
        found = self.solver.getSolution()
        return np.array(found.col_value), np.array(found.col_dual), np.array(found.row_dual)


def panel_program(
    kinds: Kinds,
    weight: Floats,
    *,
    least: Floats | None = None,
    most: Floats | None = None,
    lower: Floats | None = None,
    upper: Floats | None = None,
    integer: bool = True,
    nodes: int = 200_000,
) -> Program:
    """The programme "heaviest panel": max weight.x over panels x, whole or relaxed."""
    rows = np.vstack([kinds.matrix(), np.ones((1, kinds.count))])
    seats = np.array([float(kinds.seats)])
    return Program(
        weight.astype(float),
        np.zeros(kinds.count) if lower is None else lower.astype(float),
        kinds.size.astype(float) if upper is None else upper.astype(float),
        rows,
        np.concatenate([kinds.least if least is None else least, seats]).astype(float),
        np.concatenate([kinds.most if most is None else most, seats]).astype(float),
        integer=integer,
        nodes=nodes,
    )

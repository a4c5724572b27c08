"""Definitions are shared by threads; an execution belongs to one."""

from concurrent.futures import ThreadPoolExecutor

from tests.engine.spiff.carrying import Carrier, TestHost, compiled, value_of
from tests.engine.spiff.random_models import Tape, draw
from tests.engine.spiff.test_random_models import carried, drawn, reloaded


def test_threads_share_a_definition_without_seeing_each_other() -> None:
    processes, counters = draw(Tape.of_seed(11))
    definitions = compiled(*processes)

    def run(_number: int) -> list[str]:
        carrier = Carrier(
            definitions["p"],
            TestHost(definitions),
            reload=True,
            variables=dict.fromkeys(counters, value_of(0)) | {"ref": "A"},
            step_limit=1000,
        )
        for _ in range(100):
            if carrier.open:
                carrier.done(carrier.open[0])
        return carrier.path()

    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(run, range(60)))
    assert all(path == paths[0] for path in paths)


def test_the_same_input_gives_the_same_ids_and_facts() -> None:
    model = drawn(Tape.of_seed(7))
    first, second = (carried(reloaded(model), Tape.of_seed(8)) for _ in range(2))
    assert first == second

"""Links inside a page's own HTML that change its choice without opening it anew.

`<a class="db-go" data-node="x" href="?node=x">` sends x here; without scripts the address does the same. An empty
data-node takes the choice back.
"""

from __future__ import annotations

import streamlit as st

from dashboard.choice import put

_JS = """
export default function (component) {
  const { setTriggerValue } = component;
  const took = (event) => {
    const link = event.target.closest && event.target.closest('a.db-go[data-node]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setTriggerValue('node', { id: link.dataset.node });
    const card = document.getElementById('plan-top');
    if (card && link.dataset.node) card.scrollIntoView({ behavior: 'smooth', block: 'start' });
  };
  document.addEventListener('click', took);
  return () => document.removeEventListener('click', took);
}
"""
_LISTENER = st.components.v2.component("daybook_go", js=_JS)


def listen(param: str = "node") -> None:
    """Take clicks on such links and write the choice into the link of the page; once per run."""
    key = f"go_{param}"

    def took() -> None:
        found = st.session_state[key].node
        if found is not None:
            put(param, str(found["id"])) if found["id"] else st.query_params.pop(param, None)

    _LISTENER(key=key, on_node_change=took)

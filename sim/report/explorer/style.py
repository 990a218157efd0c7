"""The explorer's own styles, beside those of the reports, and names for the handles of its sliders.

Public name: `styled`.
"""

from html import escape
from typing import Final

from sim.report.explorer.words import Say
from sim.report.markup import stylesheet

_NAMES: Final = """
const box = this.closest('.samspel-explorer') ?? document.body;
const name = () => box.querySelectorAll('.samspel-setting [role=slider]').forEach(handle => {
  const setting = handle.closest('.samspel-setting'), label = setting.querySelector('.widget-label');
  const ends = setting.querySelectorAll('[role=slider]').length === 2 ? ['LOW', 'HIGH'] : [''];
  const end = ends[handle.classList.contains('noUi-handle-upper') ? 1 : 0];
  const said = (label?.textContent ?? '') + (end && ', ') + end;
  if (handle.getAttribute('aria-label') !== said) handle.setAttribute('aria-label', said);
});
box.samspelNames?.disconnect();
box.samspelNames = new MutationObserver(name);
box.samspelNames.observe(box, {childList: true, subtree: true, characterData: true});
name();
"""
"""ipywidgets gives the handles of sliders no names of their own, without which a screen reader says a number
and nothing else. This reads each name off the label beside the slider, whenever something changes."""
_STYLE: Final = """
.samspel-explorer{align-items:flex-start;gap:20px;background:#fff;color:#1c2b33;padding:6px;flex-wrap:wrap;
 --jp-widgets-color:#1c2b33;--jp-widgets-label-color:#1c2b33;--jp-widgets-inline-height:30px}
.samspel-controls{flex:0 0 370px;max-width:370px;border-right:1px solid #c5ced3;padding-right:16px;
 overflow:visible}
.samspel-answers{flex:1 1 620px;min-width:0;overflow:visible}
.samspel-explorer .samspel-choice,.samspel-explorer .samspel-setting{display:flex;flex-direction:column;
 align-items:stretch;width:auto;height:auto;margin:2px 2px 5px}
.samspel-explorer .samspel-setting.widget-checkbox{flex-direction:row}
.samspel-explorer .samspel-choice>.widget-label,.samspel-explorer .samspel-setting>.widget-label{width:auto;
 max-width:none;text-align:left;white-space:normal;height:auto;line-height:1.3;overflow:visible;font-size:12.5px}
.samspel-explorer .samspel-choice>select,.samspel-explorer .samspel-choice>input,
.samspel-explorer .samspel-setting>select:not([multiple]){flex:0 0 auto;width:100%;height:30px}
.samspel-explorer .samspel-setting>select[multiple]{flex:0 0 auto;width:100%;height:auto}
.samspel-explorer .samspel-setting>.slider-container{margin-left:10px}
.samspel-explorer .samspel-setting .widget-readout{align-self:flex-end;color:#1c2b33;min-width:76px}
.samspel-explorer .samspel-setting.widget-hslider{display:grid;grid-template-columns:1fr auto;
 align-items:center}
.samspel-explorer .samspel-setting.widget-hslider>.widget-label{grid-column:1/3}
.samspel-explorer .noUi-connect{background:#1f5673!important}
.samspel-explorer .noUi-handle{border:2px solid #1f5673!important;background:#fff!important}
.samspel-explorer .noUi-handle:focus,.samspel-explorer button:focus-visible,
.samspel-explorer input:focus-visible,
.samspel-explorer select:focus-visible{outline:3px solid #8a5a00!important;outline-offset:1px}
.samspel-explorer .samspel-fold{width:100%;text-align:left;height:auto;line-height:1.35;padding:6px 8px;
 font-weight:700;font-size:13px;white-space:normal;margin:4px 0 0;background:#eef3f6;color:#1c2b33;
 border:0;border-left:4px solid #1f5673;box-shadow:none}
.samspel-explorer .samspel-lever{width:auto;height:auto;margin:4px 2px 0}
.samspel-explorer .samspel-lever label,.samspel-explorer .samspel-box label,
.samspel-explorer .samspel-setting.widget-checkbox label{white-space:normal;line-height:1.3;height:auto;
 display:flex;align-items:flex-start;gap:4px;padding:3px 0}
.samspel-explorer .samspel-lever label{font-weight:600}
.samspel-explorer .samspel-lever .widget-label-basic,.samspel-explorer .samspel-box .widget-label-basic{
 height:auto;width:auto;max-width:none}
.samspel-explorer .samspel-body{margin:0 0 6px 20px;border-left:2px solid #e6eaec;padding-left:8px;
 overflow:visible}
.samspel-explorer .samspel-queue{font-size:12.5px;line-height:1.35;margin:2px 0;background:#eef3f6;
 padding:3px 6px}
.samspel-explorer .samspel-about{font-size:12.5px;line-height:1.4}
.samspel-explorer .samspel-about p{margin:3px 0}
.samspel-explorer .samspel-about summary{cursor:pointer;color:#1f5673}
.samspel-explorer .samspel-button{width:auto;height:auto;padding:4px 12px;line-height:1.4;background:#fff;
 border:1.5px solid #1f5673;color:#1f5673;font-weight:600}
.samspel-explorer .widget-toggle-buttons .widget-label{width:auto}
.samspel-explorer .samspel-status{line-height:1.4;font-size:13px;min-height:1.5em}
.samspel-explorer .samspel-status p{margin:0}
.samspel-explorer .samspel-wrong{border-left:5px solid #8a5a00;background:#fdf4e3;padding:5px 10px}
.samspel-explorer .widget-html-content{line-height:1.42;white-space:normal}
.samspel-explorer .samspel .basis{background:#eef3f6;border-left:5px solid #1f5673;padding:5px 10px;
 font-size:.9rem}
.samspel-explorer .samspel textarea{width:100%;box-sizing:border-box;font-size:12.5px;line-height:1.4;
 color:#1c2b33;background:#fff;border:1px solid #5d6d75}
.samspel-explorer .samspel button{padding:4px 12px;line-height:1.4;background:#fff;border:1.5px solid #1f5673;
 color:#1f5673;font-weight:600;cursor:pointer}
.samspel-explorer .samspel a{color:#1f5673;text-decoration:underline}
.samspel-explorer .samspel img{max-width:100%}
.samspel-explorer .samspel .pr{min-height:1.4em}
.samspel-explorer .samspel th{white-space:normal}
.samspel-explorer .widget-hbox{flex-wrap:wrap;overflow:visible}
"""


def styled(say: Say) -> str:
    """Return the styles as HTML, which name the handles in a language as soon as they are shown."""
    names = _NAMES.replace("LOW", say("take.low")).replace("HIGH", say("take.high"))
    return f'<style onload="{escape(names)}">{stylesheet()}{_STYLE}</style>'
